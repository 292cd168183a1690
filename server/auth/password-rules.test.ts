import { describe, expect, it } from "vitest";
import { passwordProblem } from "./password-rules";

const OWNER = { email: "asha.rao@example.com", name: "Asha Rao" };

describe("a guessable password", () => {
  it.each([
    ["short", "eleven-char", /at least 12/],
    ["endless", "a".repeat(129), /at most 128/],
    ["repeating", "abababababab", /too few/],
    ["of many people", "QwertyUiop123", /Many people/],
    ["of many people, in disguise", "Password-1234", /Many people/],
    ["of its owner", "asha.rao1234", /little more/],
  ])("is refused: %s", (_what, password, reason) => {
    expect(passwordProblem(password, OWNER)).toMatch(reason);
  });

  it("is none where it is long and nobody's", () => {
    expect(passwordProblem("correct horse battery", OWNER)).toBeUndefined();
    expect(passwordProblem("пароль из слов", OWNER)).toBeUndefined();
  });
});
