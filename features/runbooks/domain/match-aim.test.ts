import { describe, expect, it } from "vitest";
import { fillKnownValues } from "./known-values";
import { matchAim, weighMatches } from "./match-aim";

const NOTHING = { services: [], operations: [], findings: [], tags: [], alerts: [] };
const AIM = { service: "web", operation: "GET /users/:id", finding: "n-plus-one" };

describe("matchAim", () => {
  it("names what a runbook says it is for", () => {
    expect(matchAim({ ...NOTHING, findings: ["n-plus-one"] }, AIM)).toEqual(["finding"]);
    expect(matchAim({ ...NOTHING, services: ["Web"], operations: ["GET /users*"] }, AIM)).toEqual([
      "operation",
      "service",
    ]);
    expect(matchAim({ ...NOTHING, tags: ["n-plus-one", "web"] }, AIM)).toEqual(["finding", "service"]);
  });

  it("offers nothing that is for another service, operation or finding, or for nothing at all", () => {
    expect(matchAim({ ...NOTHING, services: ["sidekiq"], findings: ["n-plus-one"] }, AIM)).toBeUndefined();
    expect(matchAim({ ...NOTHING, operations: ["POST *"], tags: ["web"] }, AIM)).toBeUndefined();
    expect(matchAim({ ...NOTHING, findings: ["retries"], services: ["web"] }, AIM)).toBeUndefined();
    expect(matchAim(NOTHING, AIM)).toBeUndefined();
    expect(matchAim({ ...NOTHING, tags: [""] }, { ...AIM, finding: "", service: "" })).toBeUndefined();
  });

  it.each([
    ["*", true],
    ["GET *:id", true],
    ["*users*id", true],
    ["GET /users/:id*:id", false],
    ["get /USERS/:id", true],
    ["/users/:id", false],
  ])("reads the pattern %s", (pattern, isFitting) => {
    expect(matchAim({ ...NOTHING, operations: [pattern] }, AIM) !== undefined).toBe(isFitting);
  });
});

describe("weighMatches", () => {
  it("puts a finding before operation and service together", () => {
    expect(weighMatches(["finding"])).toBeGreaterThan(weighMatches(["operation", "service"]));
  });
});

describe("fillKnownValues", () => {
  it("fills by name, however it is spelt, and leaves the rest", () => {
    const filled = fillKnownValues(
      ["TRACE_ID", "service name", "bucket"],
      [
        ["trace-id", "7c1f"],
        ["service", "web"],
        ["start", ""],
      ],
    );
    expect([...filled]).toEqual([
      ["TRACE_ID", "7c1f"],
      ["service name", "web"],
    ]);
  });

  it("takes no value that would run when pasted into a shell, and none that is too long", () => {
    expect(fillKnownValues(["service"], [["service", "web\nrm -rf /"]]).size).toBe(0);
    expect(fillKnownValues(["service"], [["service", "x".repeat(1001)]]).size).toBe(0);
  });
});
