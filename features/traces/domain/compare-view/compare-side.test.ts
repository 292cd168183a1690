import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CompareSideQuery } from "../paths/paths-query-schema";
import {
  modeOf,
  nameOfSide,
  onlySlowest,
  parseSide,
  releaseSides,
  speedSides,
  subjectOf,
  timeSides,
  toSideText,
  usualSides,
} from "./compare-side";
import { parseSideForm, toSideForm } from "./side-form";

const HOUR = { fromMs: 1_795_000_000_000, toMs: 1_795_003_600_000 };
const SUBJECT = { service: "web", operation: "GET /users/:id" };
const deploy = (atMs: number) => ({ version: "v2", previousVersion: "v1" as string | null, atUs: atMs * 1000 });
const clock = (ms: number) => `t${(ms - HOUR.fromMs) / 60_000}`;
const searchOf = (side: CompareSideQuery) => (side.kind === "group" ? side.search : undefined);

describe("sides", () => {
  it("read back from their address, whatever they say", () => {
    const side = fc.oneof(
      fc.stringMatching(/^[0-9a-f]{1,32}$/).map((traceId) => ({ kind: "trace" as const, traceId })),
      fc
        .record({ service: fc.constantFrom("web", 'a"b', "é ü"), start: fc.nat(1e12), minDurationUs: fc.nat(1e9) })
        .map((search) => ({ kind: "group" as const, search })),
    );
    fc.assert(
      fc.property(side, (given) => {
        expect(parseSide(toSideText(given))).toEqual(given);
      }),
    );
  });

  it("are nothing where the address holds something else", () => {
    for (const text of [null, "", "{", "[]", '{"service":1}', "xyz", '{"start":5,"end":4}']) {
      expect(parseSide(text)).toBeUndefined();
    }
  });

  it("lie on the two sides of a deploy, a version each", () => {
    const sides = releaseSides(SUBJECT, deploy(HOUR.fromMs + 600_000), HOUR);
    expect(searchOf(sides.a)).toMatchObject({ ...SUBJECT, start: HOUR.fromMs, end: HOUR.fromMs + 600_000 });
    expect(searchOf(sides.b)).toMatchObject({ start: HOUR.fromMs + 600_000, end: HOUR.toMs });
    expect(modeOf(sides)).toBe("release");
    expect(subjectOf(sides)).toEqual(SUBJECT);
    expect([sides.a, sides.b].map((side) => nameOfSide(side, "release", clock))).toEqual(["v1", "v2"]);
  });

  it("reach a window's length to both sides of a deploy outside of the window", () => {
    const atMs = HOUR.fromMs - 7_200_000;
    const { a, b } = releaseSides(SUBJECT, deploy(atMs), HOUR);
    expect(searchOf(a)).toMatchObject({ start: atMs - 3_600_000, end: atMs });
    expect(searchOf(b)).toMatchObject({ start: atMs, end: atMs + 3_600_000 });
  });

  it("are told by time alone where the version before is not known", () => {
    const sides = releaseSides(SUBJECT, { ...deploy(HOUR.fromMs + 60_000), previousVersion: null }, HOUR);
    expect(modeOf(sides)).toBe("time");
    expect(nameOfSide(sides.b, "time", clock)).toBe("t1 – t60");
  });

  it("tell how they differ", () => {
    expect(modeOf(timeSides(SUBJECT, HOUR))).toBe("time");
    const speed = speedSides(SUBJECT, HOUR, { p50Us: 30_000, p95Us: 400_000 });
    expect(modeOf(speed)).toBe("speed");
    expect([speed.a, speed.b].map((side) => nameOfSide(side, "speed", clock))).toEqual([
      "up to 30\u202fms",
      "from 400\u202fms",
    ]);
    const usual = usualSides({ traceId: "abc", rootService: "web", rootOperation: "", startUs: 1e15, nowMs: 2e12 });
    expect(modeOf(usual)).toBe("usual");
    expect(modeOf({ a: usual.b, b: usual.b })).toBe("traces");
    expect(modeOf({ a: usual.a, b: usual.a })).toBeUndefined();
  });

  it("hold one trace against those around it, never against a time that has not come", () => {
    const trace = { traceId: "abc", rootService: "web", rootOperation: "GET /", startUs: 1e15 };
    const windowOf = (nowMs: number) => {
      const { a } = usualSides({ ...trace, nowMs });
      return a.kind === "group" ? [a.search.start, a.search.end] : undefined;
    };
    const [atMs, hourMs] = [1e12, 3_600_000];
    expect(windowOf(atMs + 9 * hourMs)).toEqual([atMs - 3 * hourMs, atMs + 3 * hourMs]);
    expect(windowOf(atMs + hourMs)).toEqual([atMs - 3 * hourMs, atMs + hourMs]);
    expect(windowOf(atMs - hourMs)).toEqual([atMs - 3 * hourMs, atMs]);
  });

  it("become their slowest requests, and whole again", () => {
    const { a } = timeSides(SUBJECT, HOUR);
    expect(onlySlowest(onlySlowest(a, 1234.5), undefined)).toEqual(a);
  });
});

describe("the form of a side", () => {
  it("gives back the side it was filled from, to the second", () => {
    const { a } = releaseSides(SUBJECT, deploy(HOUR.fromMs + 600_000), HOUR);
    const slow = onlySlowest(a, 1_500_000);
    expect(parseSideForm(toSideForm(slow)).side).toEqual(slow);
    const trace = { kind: "trace" as const, traceId: "00ff" };
    expect(parseSideForm(toSideForm(trace)).side).toEqual(trace);
  });

  it("names every field to put right", () => {
    const form = { ...toSideForm(undefined), attributes: "no pair", from: "soon", minDuration: "long" };
    expect(Object.keys(parseSideForm(form).problems).sort()).toEqual(["attributes", "from", "minDuration", "service"]);
    const backward = { ...toSideForm(undefined), service: "web", from: "2026-01-02T00:00", to: "2026-01-01T00:00" };
    expect(Object.keys(parseSideForm(backward).problems)).toEqual(["to"]);
    expect(parseSideForm({ ...toSideForm(undefined), kind: "trace", traceId: "no" }).problems.traceId).toBeDefined();
  });
});
