import { describe, expect, it } from "vitest";
import { errorText } from "./error-text";

type Spoken = Parameters<typeof errorText>[0];
const text = (key: string, value: string) => ({ key, value });
const span = (fields: Partial<Spoken>): Spoken => ({
  events: [],
  status: { message: "" },
  attributes: [],
  ...fields,
});
const exception = (type: string, message: string) => ({
  name: "exception",
  attributes: [text("exception.type", type), text("exception.message", message)],
});

describe("errorText", () => {
  it("names the last exception, its type and its message in one line", () => {
    const events = [exception("Timeout", "first"), exception("RuntimeError", "no such\n  invoice")];
    expect(errorText(span({ events }))).toBe("RuntimeError: no such invoice");
  });

  it("takes what the status says where the exception says less", () => {
    const status = { message: "deadlock detected" };
    expect(errorText(span({ status }))).toBe("deadlock detected");
    expect(errorText(span({ status, events: [exception("PG::Deadlock", "")] }))).toBe(
      "PG::Deadlock: deadlock detected",
    );
  });

  it("takes error.type last, and nothing where nothing is said", () => {
    expect(errorText(span({ attributes: [text("error.type", "503")] }))).toBe("503");
    expect(errorText(span({}))).toBeUndefined();
  });

  it("is short, and shows what hides or turns text around", () => {
    expect(errorText(span({ events: [exception("E", "x".repeat(500))] }))).toHaveLength(160);
    expect(errorText(span({ events: [exception("E", "a\u202eb")] }))).toBe("E: a⟨U+202E⟩b");
  });
});
