import { describe, expect, it } from "vitest";
import { lengthNote } from "./length-note";

describe("lengthNote", () => {
  it("is silent where the trace ends with its answer, or nobody knows", () => {
    expect(lengthNote({ durationUs: 50_000, requestUs: 49_000 })).toBeUndefined();
    expect(lengthNote({ durationUs: 50_000 })).toBeUndefined();
  });

  it("tells when the answer was there, where work went on for long after it", () => {
    expect(lengthNote({ durationUs: 20_050_000, requestUs: 50_000 })?.text).toBe("answered in 50\u202fms");
  });

  it("tells of clocks that differ before anything else", () => {
    const note = lengthNote({ durationUs: 2_000_000, requestUs: 50_000, clocksApartUs: 45_000_000 });
    expect(note?.text).toBe("clocks differ by 45.0\u202fs");
  });
});
