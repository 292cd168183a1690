import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { assertServable } from "./assert-servable";

const asked = (url: string, rawHeaders: string[]) =>
  ({ url, method: "GET", rawHeaders, headers: {}, socket: {} }) as unknown as IncomingMessage;
const OWN_HOST = ["Host", "127.0.0.1:3000"];

describe("assertServable", () => {
  it("serves a plain request for one of its own names", () => {
    expect(() => assertServable(asked("/traces?range=1h", OWN_HOST))).not.toThrow();
    expect(() => assertServable(asked("/", ["Host", "localhost:3000"]))).not.toThrow();
  });

  it.each([
    ["a foreign host (DNS rebinding)", "/", ["Host", "evil.example:3000"], "misdirected_host"],
    ["a second host behind an own one", "/", [...OWN_HOST, "Host", "evil.example"], "misdirected_host"],
    ["no host", "/", [], "misdirected_host"],
    ["a reverse proxy in front", "/", [...OWN_HOST, "X-Forwarded-For", "10.0.0.1"], "forbidden"],
    ["another reverse proxy in front", "/", [...OWN_HOST, "Forwarded", "for=10.0.0.1"], "forbidden"],
    ["another site's script", "/", [...OWN_HOST, "Sec-Fetch-Site", "cross-site"], "forbidden"],
    ["an absolute target", "http://127.0.0.1:3000/", OWN_HOST, "invalid_input"],
    ["a target that names another host", "//evil.example/", OWN_HOST, "invalid_input"],
  ])("refuses %s, static files included", (_what, url, headers, code) => {
    let refusal: unknown;
    try {
      assertServable(asked(url, headers));
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code });
  });
});
