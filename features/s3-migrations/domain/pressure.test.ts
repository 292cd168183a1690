import { describe, expect, it } from "vitest";
import { classifyErrno, classifyS3 } from "./classify";
import { emptyTally, type ResultTally, spentBudget, withResult } from "./error-budget";
import { updateRates } from "./rate";
import type { ErrorClass } from "./states";

/** Results in their order, told in tallies of `size`; newest first. */
function tallied(results: (ErrorClass | undefined)[], size: number): ResultTally[] {
  const tallies: ResultTally[] = [];
  for (let at = 0; at < results.length; at += size) {
    tallies.unshift(results.slice(at, at + size).reduce(withResult, emptyTally()));
  }
  return tallies;
}
const many = (count: number, classOf: (at: number) => ErrorClass | undefined) =>
  Array.from({ length: count }, (_, at) => classOf(at));

describe("the error budget", () => {
  it.each([1, 7, 100])("is spent by 100 failures in a row of one kind, told %i at a time", (size) => {
    const failures = many(100, () => "transient");
    expect(spentBudget(tallied(failures.slice(1), size), 1)).toBeUndefined();
    expect(spentBudget(tallied([undefined, ...failures], size), 1)).toMatchObject({
      errorClass: "transient",
      message: expect.stringContaining("100 failures in a row"),
    });
    expect(spentBudget(tallied([...failures, undefined], size), 1)).toBeUndefined();
    const mixed = many(400, (at) => (at % 2 ? "transient" : "integrity"));
    expect(spentBudget(tallied(mixed, size), 1)).toBeUndefined();
  });

  // The bar: a share counted per worker would let as many fail in each of them before anything stops.
  it("is one budget for all workers: each failing too little to tell, together they spend it", () => {
    const each = tallied(
      many(60, (at) => (at % 10 === 0 ? "transient" : undefined)),
      20,
    );
    expect(spentBudget(each, 0.05)).toBeUndefined();
    const together = [each, each, each, each].flat();
    expect(spentBudget(together, 0.05)).toEqual({
      errorClass: "transient",
      message: "Stopped: 24 of the last 240 objects failed.",
    });
  });

  it("is spent by the share among the last thousand, and forgets older failures", () => {
    const old = many(950, (at) => (at % 22 === 0 ? "transient" : undefined));
    const fine = many(1000, () => undefined);
    const late = (count: number) => many(count, (at) => (at % 2 ? "conflict" : "transient"));
    expect(spentBudget(tallied([...old, ...fine, ...late(50)], 10), 0.05)).toBeUndefined();
    expect(spentBudget(tallied([...old, ...fine, ...late(60)], 10), 0.05)).toMatchObject({
      message: "Stopped: 60 of the last 1000 objects failed.",
    });
  });

  // Keys come in order: what fails is often one directory, and all that follows is well.
  it("is spent by failures that came together, as soon as there are enough results to tell a share", () => {
    const results = many(200, (at) => (at < 75 ? "transient" : undefined));
    expect(spentBudget(tallied(results.slice(0, 199), 1), 0.05)).toBeUndefined();
    expect(spentBudget(tallied(results, 1), 0.05)).toEqual({
      errorClass: "transient",
      message: "Stopped: 75 of the last 200 objects failed.",
    });
  });
});

describe("classifyS3", () => {
  it.each([
    [503, "SlowDown", "destination", "throttled"],
    [403, "ExpiredToken", "destination", "auth"],
    [403, "AccessDenied", "source", "denied"],
    [403, undefined, "destination", "denied"],
    [401, undefined, "destination", "auth"],
    [404, "NoSuchBucket", "destination", "config"],
    [404, undefined, "source", "source_missing"],
    [412, "PreconditionFailed", "destination", "conflict"],
    [412, "PreconditionFailed", "source", "source_changed"],
    [409, "ConditionalRequestConflict", "destination", "transient"],
    [400, "BadDigest", "destination", "integrity"],
    [502, undefined, "destination", "transient"],
    [418, undefined, "destination", "bug"],
  ] as const)("%i %s at the %s is %s", (status, code, side, errorClass) => {
    expect(classifyS3({ status, code, side })).toBe(errorClass);
  });

  it("takes a refusal of the bucket itself for one of the credentials", () => {
    const refused = { status: 403, side: "source", isOfBucket: true } as const;
    expect(classifyS3({ ...refused, code: "AccessDenied" })).toBe("auth");
    expect(classifyS3({ ...refused, code: undefined })).toBe("auth");
  });

  it("tells a file that is gone from one that cannot be read", () => {
    expect(classifyErrno("ENOENT")).toBe("source_missing");
    expect(classifyErrno("EACCES")).toBe("source_unreadable");
    expect(classifyErrno(undefined)).toBe("source_unreadable");
  });
});

describe("updateRates", () => {
  it("starts at the first speed seen and halves the past every half-life", () => {
    let rates = updateRates(undefined, { objects: 100, bytes: 0, elapsedMs: 1000 }, 30_000);
    expect(rates.objectsPerSecond).toBe(100);
    for (let at = 0; at < 300; at += 1) rates = updateRates(rates, { objects: 100, bytes: 0, elapsedMs: 1000 }, 30_000);
    for (let at = 0; at < 30; at += 1) rates = updateRates(rates, { objects: 0, bytes: 0, elapsedMs: 1000 }, 30_000);
    expect(rates.objectsPerSecond).toBeCloseTo(50, 0);
  });

  it("is unmoved by a step that took no time", () => {
    expect(updateRates(undefined, { objects: 5, bytes: 5, elapsedMs: 0 }, 1000).objectsPerSecond).toBe(0);
  });
});
