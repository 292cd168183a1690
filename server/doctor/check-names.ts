import { dotEnvNames } from "@/server/config/dot-env";
import { childEnvironment, SETTING_NAMES } from "@/server/config/env";
import { type Finding, warn } from "./finding";

const OURS = /^OPS_/;
/** Read by tests and by AWS's own libraries, not by us. */
const OTHERS = /^(OPS_E2E_|AWS_|npm_|NODE_)/;
/** Two letters swapped, or one too many or too few. */
const MOST_EDITS = 2;

/** Settings that nobody reads because of a slip in their name. */
export async function checkNames(): Promise<Finding[]> {
  return unknownSettings({ environment: childEnvironment({}), dotEnv: dotEnvNames() });
}

/**
 * Names that are ours by their beginning, and names in `.env` that look like one of ours. Of the rest of an environment
 * nothing is known.
 */
export function unknownSettings(given: {
  environment: Record<string, string | undefined>;
  dotEnv: readonly string[];
}): Finding[] {
  const names = new Set([...Object.keys(given.environment).filter((name) => OURS.test(name)), ...given.dotEnv]);
  const findings: Finding[] = [];
  for (const name of [...names].sort()) {
    if (SETTING_NAMES.includes(name) || OTHERS.test(name)) continue;
    const [near] = SETTING_NAMES.map((known) => ({ known, edits: editsBetween(name, known) }))
      .filter(({ edits }) => edits <= MOST_EDITS)
      .sort((a, b) => a.edits - b.edits);
    if (near === undefined && !OURS.test(name)) continue;
    const cure = near === undefined ? 'README, "Settings", has them all.' : `Did you mean ${near.known}?`;
    findings.push(warn(name, `is set, and the console knows no such setting. ${cure}`, cure));
  }
  return findings;
}

/** How many letters to change, add or take away make one text of the other (Levenshtein). */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
