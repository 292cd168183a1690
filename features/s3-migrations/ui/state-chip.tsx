import { Chip } from "@/components/ui/chip";
import type { S3MigrationSnapshot } from "../contract";
import { stateWord } from "./migration-words";

/** The state in one chip; "Pausing" and the like while the engine has not followed yet. */
export function StateChip({
  snapshot,
}: {
  snapshot: Pick<S3MigrationSnapshot, "state" | "desiredState" | "reported">;
}) {
  const { label, tone } = stateWord(snapshot);
  return <Chip tone={tone}>{label}</Chip>;
}
