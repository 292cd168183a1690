import { describe, expect, it } from "vitest";
import { parseTraceId } from "./parse-trace-id";

const ID = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("parseTraceId", () => {
  for (const [what, text] of [
    ["an id", ID],
    ["an id in capitals with spaces around", `  ${ID.toUpperCase()} `],
    ["a Jaeger link", `http://jaeger:16686/trace/${ID}?uiFind=x`],
    ["a link of ours", `http://127.0.0.1:3000/traces/${ID}`],
    ["a traceparent", `00-${ID}-00f067aa0ba902b7-01`],
  ] as const) {
    it(`finds the id in ${what}`, () => expect(parseTraceId(text)).toBe(ID));
  }

  for (const text of ["", "users", "deadbeef", `${ID}ff`, "GET /users/4bf92f3577b34da6/x y"]) {
    it(`finds none in "${text}"`, () => expect(parseTraceId(text)).toBeUndefined());
  }
});
