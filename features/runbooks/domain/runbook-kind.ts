/** What a runbook is for. A reference has no steps: it is read, not followed. */
export const RUNBOOK_KINDS = ["procedure", "alert", "reference", "drill"] as const;
export type RunbookKind = (typeof RUNBOOK_KINDS)[number];

/** Only an active runbook, or one that is deprecated (with a warning), can be started. */
export const RUNBOOK_STATUSES = ["active", "draft", "deprecated", "archived"] as const;
export type RunbookStatus = (typeof RUNBOOK_STATUSES)[number];
