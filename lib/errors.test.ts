import { expect, test, vi } from "vitest";
import { AppError, codeOf, messageOf } from "./errors";

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

test("knows an error of a second evaluation of the module, as Next makes for pages and routes", async () => {
  vi.resetModules();
  const other = await import("./errors");
  expect(other.AppError).not.toBe(AppError);
  expect(new other.AppError("not_found", "Gone.")).toBeInstanceOf(AppError);
  expect(new AppError("not_found", "Gone.")).toBeInstanceOf(other.AppError);
});

test("tells a class of its own from the errors it extends", () => {
  class Special extends AppError {}
  expect(new Special("internal", "Special.")).toBeInstanceOf(Special);
  expect(new Special("internal", "Special.")).toBeInstanceOf(AppError);
  expect(new AppError("internal", "Plain.")).not.toBeInstanceOf(Special);
});

test.each([undefined, null, "text", 7, {}, new Error("plain")])("does not take %o for one of ours", (thrown) => {
  expect(thrown instanceof AppError).toBe(false);
});
