import { findUnseen } from "./commands/visible-text";
import { toValueKey } from "./params";

const MAX_VALUE_LENGTH = 1000;
/** Other names authors give the same value; spelt as {@link keyOf} spells them. */
const ALIASES: Record<string, string> = {
  servicename: "service",
  operationname: "operation",
  endpoint: "operation",
  route: "operation",
  trace: "traceid",
  findingkind: "finding",
  cause: "finding",
};

/**
 * The values of a runbook's placeholders that a link brings, by name: `<trace-id>`, `<TRACE_ID>` and `<trace id>` are one.
 * A value with line breaks or characters that cannot be seen is left out: pasted into a shell it would run, or mislead.
 */
export function fillKnownValues(
  placeholders: readonly string[],
  known: Iterable<[name: string, value: string]>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of known) {
    if (value !== "" && value.length <= MAX_VALUE_LENGTH && findUnseen(value) === undefined) {
      values.set(keyOf(name), value);
    }
  }
  const filled = new Map<string, string>();
  for (const placeholder of placeholders) {
    const value = values.get(keyOf(placeholder));
    if (value !== undefined) filled.set(placeholder, value);
  }
  return filled;
}

function keyOf(name: string): string {
  const key = toValueKey(name);
  return ALIASES[key] ?? key;
}
