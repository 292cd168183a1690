import { describe, expect, it } from "vitest";
import { evidenceParts, provenObjects } from "./evidence";
import { type ReportFacts, reportedState, SILENT_AFTER_MS } from "./reported";
import { OBJECT_STATES, type ObjectState } from "./states";

const writer = (status: "running" | "paused" | "stopped", silentMs = 0) => ({ status, silentMs });
const at = (facts: Partial<ReportFacts>) =>
  reportedState({ desired: "running", isComplete: false, writers: [], ...facts });

describe("reportedState", () => {
  it("follows what the job does, not what people asked of it", () => {
    expect(at({})).toBe("draft");
    expect(at({ writers: [writer("running")] })).toBe("running");
    expect(at({ desired: "paused", writers: [writer("running"), writer("paused")] })).toBe("running");
    expect(at({ desired: "paused", writers: [writer("paused")] })).toBe("paused");
    expect(at({ desired: "cancelled", writers: [writer("paused")] })).toBe("cancelling");
    expect(at({ desired: "cancelled", writers: [writer("stopped")] })).toBe("cancelled");
    expect(at({ desired: "cancelled", isComplete: true })).toBe("reported");
  });

  it("does not wait for ever for a job that went silent", () => {
    const silent = [writer("running", SILENT_AFTER_MS + 1)];
    expect(at({ desired: "cancelled", writers: silent })).toBe("cancelled");
    expect(at({ desired: "paused", writers: silent })).toBe("paused");
    expect(at({ writers: silent })).toBe("running");
  });
});

describe("evidence of what was only reported", () => {
  it("stands below equal size and is never among what is proven", () => {
    const counts = Object.fromEntries(OBJECT_STATES.map((state) => [state, 0])) as Record<ObjectState, number>;
    const parts = evidenceParts({
      counts: { ...counts, verified: 7 },
      tiers: [{ tier: "reported", objects: 7, bytes: 70 }],
      bytes: { waiting: 0 },
    });
    expect(parts.find(({ kind }) => kind === "reported")).toMatchObject({ objects: 7, bytes: 70 });
    expect(provenObjects(parts)).toBe(0);
    const kinds = parts.map(({ kind }) => kind);
    expect(kinds.indexOf("reported")).toBeGreaterThan(kinds.indexOf("size"));
  });
});
