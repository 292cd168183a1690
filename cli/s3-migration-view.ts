import { placeOf, type S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { formatBytes, formatCount, formatShare } from "@/lib/format";

/** "s3://bucket/prefix" or the directory, as it was typed. */
export function toStoreText(spec: S3MigrationSnapshot["source"]): string {
  return placeOf(spec);
}

/** One line that says how far a migration is; the percent is floored and never 100 before it is verified. */
export function toProgressLine(snapshot: S3MigrationSnapshot): string {
  const { state, desiredState, stopped, bytes } = snapshot;
  const isPausing = desiredState === "paused" && state !== "paused";
  return [
    `${state.replaceAll("_", " ")}${isPausing ? " (pausing)" : ""}`,
    ...progressParts(snapshot),
    formatBytes(bytes.present),
    ...speedParts(snapshot),
    ...problemParts(snapshot),
    ...(stopped === null ? [] : [stopped.message]),
  ].join(" · ");
}

function progressParts({ inventory, counts, phase, state }: S3MigrationSnapshot): string[] {
  if (state === "reported") return [`${formatCount(inventory.objects)} objects, as the job says`];
  if (inventory.sealedAt === null) return [`${formatCount(inventory.objects)} listed so far`];
  const [settled, word] = settledIn({ inventory, counts, phase });
  const text = `${formatCount(settled)} of ${formatCount(inventory.objects)} ${word}`;
  if (["verified", "cutover", "soaking", "retired"].includes(state) || inventory.objects === 0) return [text];
  return [text, formatShare(Math.min(settled / inventory.objects, 0.999))];
}

function settledIn({
  inventory,
  counts,
  phase,
}: Pick<S3MigrationSnapshot, "inventory" | "counts" | "phase">): [objects: number, word: string] {
  if (phase === "retire") return [counts.retired, "deleted at the source"];
  if (["verify", "cutover", "soak"].includes(phase)) return [counts.verified, "verified"];
  return [inventory.objects - counts.pending - counts.retry_wait, "settled"];
}

function speedParts({ rate, eta }: S3MigrationSnapshot): string[] {
  const parts: string[] = [];
  if (rate !== null && rate.objectsPerSecond > 0) {
    parts.push(`${Math.round(rate.objectsPerSecond)}/s, ${formatBytes(rate.bytesPerSecond)}/s`);
  }
  if (eta.kind === "range") parts.push(`ends ${clock(eta.earliestAt)} to ${clock(eta.latestAt)}`);
  if (eta.kind === "stalled") parts.push(`stalled since ${clock(eta.since)}`);
  return parts;
}

function problemParts({ counts }: S3MigrationSnapshot): string[] {
  const problems = counts.failed + counts.conflict + counts.source_changed;
  return [
    ...(problems > 0 ? [`${formatCount(problems)} to decide`] : []),
    ...(counts.missing_source > 0 ? [`${formatCount(counts.missing_source)} without a source`] : []),
  ];
}

/** Several lines: what, where to, how surely. */
export function toDetailText(snapshot: S3MigrationSnapshot): string {
  const { id, name, source, destination, tiers, counts } = snapshot;
  const states = Object.entries(counts).filter(([, objects]) => objects > 0);
  return [
    `${name}  ${id}`,
    `  ${toStoreText(source)} → ${toStoreText(destination)}`,
    `  ${toProgressLine(snapshot)}`,
    ...states.map(([state, objects]) => `  ${formatCount(objects).padStart(12)}  ${state.replaceAll("_", " ")}`),
    ...tiers.map(
      ({ tier, objects, bytes }) =>
        `  ${formatCount(objects).padStart(12)}  ${tier === "reported" ? "reported, not proven" : `proven by ${tier.replaceAll("_", " ")}`}, ${formatBytes(bytes)}`,
    ),
  ].join("\n");
}

const clock = (iso: string): string => new Date(iso).toLocaleTimeString();
