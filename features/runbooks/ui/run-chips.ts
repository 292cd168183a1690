/** A run's state in words and tone, the same everywhere. */
export const RUN_CHIPS = {
  active: { tone: "running", label: "In progress" },
  finished: { tone: "ok", label: "Finished" },
  abandoned: { tone: "stale", label: "Abandoned" },
} as const;
