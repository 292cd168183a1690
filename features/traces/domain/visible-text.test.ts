import { describe, expect, it } from "vitest";
import { visibleText } from "./visible-text";

describe("visibleText", () => {
  it.each([
    ["GET /\u202egpj.tac", "GET /⟨U+202E⟩gpj.tac"],
    ["nul\u0000 bell\u0007 esc\u001b[31m", "nul␀ bell␇ esc␛[31m"],
    ["del\u007f next\u0085", "del␡ next⟨U+0085⟩"],
    ["isolate\u2066x\u2069", "isolate⟨U+2066⟩x⟨U+2069⟩"],
  ])("shows what %j hides", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each(["שלום GET مرحبا", "👩‍👩‍👧 deploy", "two\nlines\tand a tab", "Z͑ͫ̓"])("leaves %j as it is", (text) => {
    expect(visibleText(text)).toBe(text);
  });
});
