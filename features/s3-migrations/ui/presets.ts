import type { Draft } from "./migration-draft";

export type Preset = {
  id: string;
  label: string;
  /** What it sets; everything else stays as typed. */
  draft: Partial<Draft>;
  /** The runbook to follow, by its title in `runbooks/`. */
  runbook: string;
};

const PLAIN: Partial<Draft> = { rowsFrom: "none", mapKind: "none", include: "", exclude: "", sourceStoreDir: "" };

/** The usual moves of a Rails application: each a filled-in form and a runbook, nothing more. */
export const PRESETS: readonly Preset[] = [
  {
    id: "carrierwave",
    label: "CarrierWave to Active Storage",
    draft: { ...PLAIN, sourceKind: "carrierwave", prefix: "", exclude: "**/thumb_*" },
    runbook: "Move CarrierWave uploads to Active Storage on S3",
  },
  {
    id: "paperclip",
    label: "Paperclip to Active Storage",
    draft: { ...PLAIN, sourceKind: "paperclip", prefix: "", include: "**/original/*" },
    runbook: "Move Paperclip files to Active Storage on S3",
  },
  {
    id: "active-storage",
    label: "Active Storage disk to S3",
    draft: { ...PLAIN, sourceKind: "active_storage", rowsFrom: "database", rowsService: "local", prefix: "" },
    runbook: "Move Active Storage from disk to S3",
  },
  {
    id: "bucket",
    label: "Bucket to bucket",
    draft: { ...PLAIN, sourceKind: "s3" },
    runbook: "Move a bucket to another bucket",
  },
];
