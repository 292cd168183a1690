import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { log } from "./log";
import { Outage } from "./outage";

const lines: string[] = [];
beforeEach(() => {
  for (const level of ["warn", "info"] as const) {
    vi.spyOn(log(), level).mockImplementation((_fields: unknown, text?: string) => void lines.push(text ?? ""));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  lines.length = 0;
});

describe("Outage", () => {
  it("tells of an outage once, then once a minute, and of its end", () => {
    let nowMs = 0;
    const outage = new Outage("the database is away", () => nowMs);
    for (; nowMs < 150_000; nowMs += 1000) outage.note(new Error("refused"));
    outage.over();
    expect(lines).toEqual([
      "the database is away",
      "the database is away, still",
      "the database is away, still",
      "the database is away: over",
    ]);
  });

  it("takes a failure after a minute without one for another outage, told in full", () => {
    let nowMs = 0;
    const outage = new Outage("the database is away", () => nowMs);
    outage.note(new Error("refused"));
    nowMs = 61_000;
    outage.note(new Error("refused"));
    expect(lines).toEqual(["the database is away", "the database is away"]);
  });

  it("says nothing while nothing fails, and tells the next outage in full again", () => {
    const outage = new Outage("the database is away", () => 0);
    outage.over();
    outage.note(new Error("refused"));
    outage.over();
    outage.over();
    outage.note(new Error("refused"));
    expect(lines).toEqual(["the database is away", "the database is away: over", "the database is away"]);
  });
});
