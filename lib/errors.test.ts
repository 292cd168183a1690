import { expect, test } from "vitest";
import { codeOf, messageOf } from "./errors";

test("reads the code of a Node or Postgres error", () => {
  expect(codeOf(Object.assign(new Error("no such file"), { code: "ENOENT" }))).toBe("ENOENT");
});

test.each([undefined, null, "ENOENT", {}, new Error("plain"), { code: 7 }])("finds no code in %o", (thrown) => {
  expect(codeOf(thrown)).toBeUndefined();
});

test("words anything thrown", () => {
  expect(messageOf(new Error("broken"))).toBe("broken");
  expect(messageOf(undefined)).toBe("undefined");
});
