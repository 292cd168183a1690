import type { S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { toProgressLine } from "./s3-migration-view";

const WIDTH = 24;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * How far it is, drawn in eighths of a cell and cut to the terminal: `[█████▌   ] 41.3% …`. No bar before the listing is
 * sealed, and never a full one before everything is verified.
 */
export function toProgressBar(snapshot: S3MigrationSnapshot, columns: number): string {
  const line = toProgressLine(snapshot);
  const share = shareOf(snapshot);
  const text = share === undefined ? line : `[${barOf(share)}] ${line}`;
  // A line that wraps is not taken back by the next one.
  return [...text].slice(0, Math.max(1, columns - 1)).join("");
}

function shareOf({ inventory, counts, phase, state }: S3MigrationSnapshot): number | undefined {
  if (inventory.sealedAt === null) return undefined;
  if (state === "verified" || state === "retired") return 1;
  if (inventory.objects === 0) return 0;
  const settled = phase === "verify" ? counts.verified : inventory.objects - counts.pending - counts.retry_wait;
  return Math.min(settled / inventory.objects, 0.999);
}

function barOf(share: number): string {
  const eighths = Math.floor(share * WIDTH * 8);
  const bar = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return bar.padEnd(WIDTH);
}
