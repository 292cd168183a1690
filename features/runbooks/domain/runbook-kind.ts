/** What a runbook is for. A reference has no steps: it is read, not followed. */
export const RUNBOOK_KINDS = ["procedure", "alert", "reference", "drill"] as const;
export type RunbookKind = (typeof RUNBOOK_KINDS)[number];

/** Only an active runbook, or one that is deprecated (with a warning), can be started. */
export const RUNBOOK_STATUSES = ["active", "draft", "deprecated", "archived"] as const;
export type RunbookStatus = (typeof RUNBOOK_STATUSES)[number];

/** Each kind as a reader sees it. */
export const KIND_LABELS: Record<RunbookKind, string> = {
  procedure: "Procedure",
  alert: "Alert",
  reference: "Reference",
  drill: "Drill",
};

type Startable = { stepCount: number; isTemplate: boolean; status: RunbookStatus };

/** Why no run of this runbook can be started, as a sentence; undefined when one can. */
export function refusalToStart({ stepCount, isTemplate, status }: Startable): string | undefined {
  if (stepCount === 0) return "This runbook has no steps to follow.";
  if (isTemplate) return "This is a template: copy it, then start the copy.";
  if (status === "draft" || status === "archived") return `This runbook is marked ${status} and cannot be started.`;
  return undefined;
}
