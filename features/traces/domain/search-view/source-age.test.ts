import { describe, expect, it } from "vitest";
import { sourceAge } from "./source-age";

const LAST_GOOD = "2026-11-23T12:00:00.000Z";
const SINCE = "2026-11-23T12:00:10.000Z";
const up = { state: "up", lastGoodAt: LAST_GOOD, downSince: null } as const;
const down = { state: "down", lastGoodAt: LAST_GOOD, downSince: SINCE } as const;

describe("sourceAge", () => {
  it("is the age of the answer while the source is heard, or nothing is known of it", () => {
    expect(sourceAge({ isFailing: false, answeredAtMs: 7, status: up })).toEqual({ isUnheard: false, at: 7 });
    expect(sourceAge({ isFailing: false, answeredAtMs: 7, status: undefined })).toEqual({ isUnheard: false, at: 7 });
  });

  // A page opened while the source hung once said "0 s ago" of a source that had been silent for half a minute.
  it("is when the source was heard last as soon as it is known to be down, before the reading fails", () => {
    expect(sourceAge({ isFailing: false, answeredAtMs: 7, status: down })).toEqual({ isUnheard: true, at: LAST_GOOD });
  });

  it("is since when it is down where it was never heard", () => {
    const never = { ...down, lastGoodAt: null };
    expect(sourceAge({ isFailing: true, answeredAtMs: 7, status: never })).toEqual({ isUnheard: true, at: SINCE });
    expect(sourceAge({ isFailing: true, answeredAtMs: 7, status: undefined })).toEqual({ isUnheard: true, at: 7 });
  });
});
