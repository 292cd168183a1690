import { describe, expect, it } from "vitest";
import { restartPauseMs } from "./restart-pause";

/** The pauses of a child that dies again and again. */
function pauses(life: { livedMs: number; wasReady: boolean }): number[] {
  const all: number[] = [];
  for (let death = 0; death < 8; death += 1) all.push(restartPauseMs({ ...life, previousMs: all.at(-1) ?? 0 }));
  return all;
}

describe("restartPauseMs", () => {
  it("leaves more and more time to a child that cannot start", () => {
    const life = { livedMs: 300, wasReady: false };
    expect(pauses(life)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it("never keeps users waiting long for a child that works until it is killed", () => {
    expect(Math.max(...pauses({ livedMs: 5000, wasReady: true }))).toBe(4000);
  });

  it("starts over after a long life", () => {
    expect(restartPauseMs({ livedMs: 61_000, wasReady: true, previousMs: 4000 })).toBe(500);
  });
});
