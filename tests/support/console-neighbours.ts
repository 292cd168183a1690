import type { S3Migration } from "@/features/console/domain/neighbours";

/** An S3 migration as the overview reads it, running, with nothing done yet. */
export const s3Migration = (over: Partial<S3Migration>): S3Migration => ({
  id: "m1",
  name: "Preview images",
  isSample: false,
  state: "running",
  phase: "copy",
  allowedVerbs: [],
  commandVersion: 0,
  updatedAt: "",
  startedAt: null,
  finishedAt: null,
  stopped: null,
  inventory: { sealedAt: null, objects: 10, bytes: 10 },
  counts: {},
  bytes: { present: 0 },
  rate: null,
  eta: { kind: "none" },
  ...over,
});
