import { Cron } from "croner";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterOpenTime,
  isOpenAt,
  nextChange,
  type TimeWindow,
  timeWindowSchema,
  WEEKDAYS,
  windowText,
} from "./time-windows";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (text: string) => Date.parse(text);
const nights: TimeWindow = { days: [...WEEKDAYS], from: "22:00", to: "06:00", timeZone: "Europe/Berlin" };

describe("isOpenAt", () => {
  it.each([
    ["2026-06-01T19:59:59Z", false],
    ["2026-06-01T20:00:00Z", true],
    ["2026-06-02T03:59:59Z", true],
    ["2026-06-02T04:00:00Z", false],
    ["2026-12-01T20:59:59Z", false],
    ["2026-12-01T21:00:00Z", true],
  ])("22:00 to 06:00 in Berlin at %s: %s, summer and winter", (text, isOpen) => {
    expect(isOpenAt([nights], at(text))).toBe(isOpen);
  });

  it("counts a night to the day on which it begins", () => {
    const friday: TimeWindow = { ...nights, days: ["fri"] };
    expect(isOpenAt([friday], at("2026-06-06T01:00:00Z"))).toBe(true);
    expect(isOpenAt([friday], at("2026-06-05T01:00:00Z"))).toBe(false);
    const sunday: TimeWindow = { ...nights, days: ["sun"] };
    expect(isOpenAt([sunday], at("2026-06-08T01:00:00Z"))).toBe(true);
  });

  it("is open all day from 00:00 to 00:00, and always without windows", () => {
    const saturday: TimeWindow = { days: ["sat"], from: "00:00", to: "00:00", timeZone: "Asia/Kathmandu" };
    expect(isOpenAt([saturday], at("2026-06-05T18:15:00Z"))).toBe(true);
    expect(isOpenAt([saturday], at("2026-06-05T18:14:00Z"))).toBe(false);
    expect(isOpenAt([saturday], at("2026-06-06T18:14:00Z"))).toBe(true);
    expect(isOpenAt([saturday], at("2026-06-06T18:15:00Z"))).toBe(false);
    expect(isOpenAt([], 0)).toBe(true);
  });
});

describe("nextChange", () => {
  it("opens late by the hour that clocks skip, and closes by what they show", () => {
    const early: TimeWindow = { days: ["sun"], from: "02:30", to: "04:00", timeZone: "Europe/Berlin" };
    // 29 March 2026: 01:59 is followed by 03:00.
    const opensMs = nextChange([early], at("2026-03-28T12:00:00Z")) ?? 0;
    expect(new Date(opensMs).toISOString()).toBe("2026-03-29T01:00:00.000Z");
    expect(new Date(nextChange([early], opensMs) ?? 0).toISOString()).toBe("2026-03-29T02:00:00.000Z");
  });

  it("opens twice when clocks show the hour twice", () => {
    const early: TimeWindow = { days: ["sun"], from: "02:15", to: "02:45", timeZone: "Europe/Berlin" };
    const changes: string[] = [];
    let atMs = at("2026-10-24T12:00:00Z");
    for (let times = 0; times < 4; times += 1) {
      atMs = nextChange([early], atMs) ?? 0;
      changes.push(new Date(atMs).toISOString().slice(0, 16));
    }
    expect(changes).toEqual(["2026-10-25T00:15", "2026-10-25T00:45", "2026-10-25T01:15", "2026-10-25T01:45"]);
  });

  it("is none when it is open all week, and without windows", () => {
    expect(nextChange([{ ...nights, from: "00:00", to: "00:00" }], 0)).toBeUndefined();
    expect(nextChange([], 0)).toBeUndefined();
  });
});

// Weeks with a change of clocks: Berlin, New York, Lord Howe (half an hour), Casablanca, Santiago; Kathmandu has none.
const CHANGES = [
  ["Europe/Berlin", "2026-03-29"],
  ["Europe/Berlin", "2026-10-25"],
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Australia/Lord_Howe", "2026-04-05"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["Africa/Casablanca", "2026-02-15"],
  ["America/Santiago", "2026-09-06"],
  ["Asia/Kathmandu", "2026-06-07"],
] as const;
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const anyChange = fc.constantFrom(...CHANGES);
const anyDays = fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1, maxLength: 7 });
/** A window as random as they come, and a day on which its zone turns the clocks. */
const anyWindow = fc
  .tuple(anyChange, anyDays, clock, clock)
  .map(([[timeZone, day], days, from, to]) => ({ day, window: { days, from, to, timeZone } satisfies TimeWindow }));

describe("over a change of clocks", () => {
  it("agrees, minute by minute, with a cron pattern for the same hours", () => {
    const hours = fc
      .integer({ min: 0, max: 22 })
      .chain((from) => fc.tuple(fc.constant(from), fc.integer({ min: from + 1, max: 23 })));
    fc.assert(
      fc.property(
        anyChange,
        anyDays,
        hours,
        fc.integer({ min: 0, max: 95 }),
        ([timeZone, day], days, [from, to], quarter) => {
          const pad = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
          const window: TimeWindow = { days, from: pad(from), to: pad(to), timeZone };
          const cron = new Cron(`* * ${from}-${to - 1} * * ${days.join(",")}`, { timezone: timeZone, paused: true });
          const atMs = at(`${day}T00:00:00Z`) - 12 * HOUR_MS + quarter * 15 * MINUTE_MS + 7 * MINUTE_MS;
          expect(isOpenAt([window], atMs)).toBe(cron.match(new Date(atMs)));
        },
      ),
      { numRuns: 300, seed: 21 },
    );
  });

  it("names the first minute at which it turns over, and skips none", () => {
    fc.assert(
      fc.property(anyWindow, fc.integer({ min: 0, max: 47 }), ({ window, day }, hour) => {
        const startMs = at(`${day}T00:00:00Z`) - 24 * HOUR_MS + hour * HOUR_MS;
        const isOpen = isOpenAt([window], startMs);
        let expected: number | undefined;
        for (let atMs = startMs; atMs < startMs + 30 * HOUR_MS && expected === undefined; atMs += MINUTE_MS) {
          if (isOpenAt([window], atMs) !== isOpen) expected = atMs;
        }
        const found = nextChange([window], startMs);
        if (expected === undefined)
          expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(startMs + 30 * HOUR_MS);
        else expect(found).toBe(expected);
      }),
      { numRuns: 60, seed: 22 },
    );
  });

  it("lets exactly the open time pass before work is done", () => {
    fc.assert(
      fc.property(anyWindow, fc.integer({ min: 1, max: 600 }), ({ window, day }, minutes) => {
        const fromMs = at(`${day}T00:00:00Z`) - 24 * HOUR_MS;
        const capMs = fromMs + 10 * 24 * HOUR_MS;
        const endMs = afterOpenTime([window], { fromMs, workMs: minutes * MINUTE_MS, capMs });
        let open = 0;
        for (let atMs = fromMs; atMs < endMs; atMs += MINUTE_MS) if (isOpenAt([window], atMs)) open += 1;
        if (endMs < capMs) expect(open).toBe(minutes);
        else expect(open).toBeLessThanOrEqual(minutes);
      }),
      { numRuns: 25, seed: 23 },
    );
  });
});

describe("a window's words", () => {
  it("refuse a day without a name, a clock that does not exist and a zone nobody knows", () => {
    expect(timeWindowSchema.safeParse(nights).success).toBe(true);
    for (const wrong of [{ days: [] }, { from: "24:00" }, { to: "6:00" }, { timeZone: "Mars/Olympus" }, { more: 1 }]) {
      expect(timeWindowSchema.safeParse({ ...nights, ...wrong }).success).toBe(false);
    }
  });

  it("read as people write them", () => {
    expect(windowText(nights)).toBe("daily 22:00–06:00 Europe/Berlin");
    expect(windowText({ ...nights, days: ["fri", "mon", "tue", "wed", "thu"] })).toContain("mon–fri 22:00");
    expect(windowText({ ...nights, days: ["sun", "sat"] })).toContain("sat, sun");
  });
});
