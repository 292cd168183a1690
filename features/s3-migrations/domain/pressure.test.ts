import { describe, expect, it } from "vitest";
import { classifyErrno, classifyS3 } from "./classify";
import { ErrorBudget } from "./error-budget";
import { updateRates } from "./rate";

describe("ErrorBudget", () => {
  it("is spent by 100 failures in a row of one kind, not by scattered ones", () => {
    const budget = new ErrorBudget(1);
    for (let at = 0; at < 99; at += 1) expect(budget.add("transient")).toBeUndefined();
    const spent = budget.add("transient");
    expect(spent).toMatchObject({ errorClass: "transient", message: expect.stringContaining("100 failures in a row") });
    const mixed = new ErrorBudget(1);
    for (let at = 0; at < 400; at += 1) expect(mixed.add(at % 2 ? "transient" : "integrity")).toBeUndefined();
  });

  it("is spent by the share among the last thousand, and forgets older failures", () => {
    const budget = new ErrorBudget(0.05);
    for (let at = 0; at < 950; at += 1) expect(budget.add(at % 22 === 0 ? "transient" : undefined)).toBeUndefined();
    for (let at = 0; at < 1000; at += 1) expect(budget.add(undefined)).toBeUndefined();
    const failures = Array.from({ length: 60 }, (_, at) => budget.add(at % 2 ? "conflict" : "transient"));
    expect(failures.findIndex((spent) => spent !== undefined)).toBe(50);
  });

  // Keys come in order: what fails is often one directory, and all that follows is well.
  it("is spent by failures that came together, as soon as there are enough results to tell a share", () => {
    const budget = new ErrorBudget(0.05);
    for (let at = 0; at < 199; at += 1) expect(budget.add(at < 75 ? "transient" : undefined)).toBeUndefined();
    expect(budget.add(undefined)).toEqual({
      errorClass: "transient",
      message: "Stopped: 75 of the last 200 objects failed.",
    });
  });

  it("goes on with the results it has when people allow another share", () => {
    const budget = new ErrorBudget(0.5);
    for (let at = 0; at < 300; at += 1) budget.add(at % 4 === 0 ? "transient" : undefined);
    budget.setShare(0.1);
    expect(budget.add(undefined)).toMatchObject({ message: expect.stringContaining("75 of the last 301") });
  });
});

describe("classifyS3", () => {
  it.each([
    [503, "SlowDown", "destination", "throttled"],
    [403, "ExpiredToken", "destination", "auth"],
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
