import { describe, expect, it } from "vitest";
import { refusalToStart } from "./runbook-kind";

const RUNBOOK = { stepCount: 3, isTemplate: false, status: "active" } as const;

describe("refusalToStart", () => {
  it.each(["active", "deprecated"] as const)("starts an %s runbook", (status) => {
    expect(refusalToStart({ ...RUNBOOK, status })).toBeUndefined();
  });

  it.each(["draft", "archived"] as const)("refuses one marked %s, and says so", (status) => {
    expect(refusalToStart({ ...RUNBOOK, status })).toContain(status);
  });

  it("refuses one without steps, and a template", () => {
    expect(refusalToStart({ ...RUNBOOK, stepCount: 0 })).toMatch(/no steps/);
    expect(refusalToStart({ ...RUNBOOK, isTemplate: true })).toMatch(/template/);
  });
});
