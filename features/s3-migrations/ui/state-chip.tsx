import { Chip } from "@/components/ui/chip";
import { stateWord } from "./migration-words";

/** The state in one chip; "Pausing" and the like while the engine has not followed yet. */
export function StateChip({ snapshot }: { snapshot: Parameters<typeof stateWord>[0] }) {
  const { label, tone } = stateWord(snapshot);
  return <Chip tone={tone}>{label}</Chip>;
}
