/** What a runbook can name of a trace, strongest first. */
export const RUNBOOK_MATCHES = ["finding", "operation", "service"] as const;
export type RunbookMatch = (typeof RUNBOOK_MATCHES)[number];

type Aims = { services: string[]; operations: string[]; findings: string[]; tags: string[]; alerts: string[] };
type Aim = { service: string; operation: string; finding: string };

/**
 * What of an aim a runbook names, or undefined when it is for something else: a runbook that lists services, operations
 * or findings is for those alone. Tags and alerts count for a finding or a service, and exclude nothing. Case never
 * matters; `*` in an operation stands for anything.
 */
export function matchAim({ services, operations, findings, tags, alerts }: Aims, aim: Aim): RunbookMatch[] | undefined {
  const hasService = services.some((name) => isSame(name, aim.service));
  const hasOperation = operations.some((pattern) => fits(pattern, aim.operation));
  const hasFinding = findings.some((kind) => isSame(kind, aim.finding));
  const isForOthers =
    (services.length > 0 && !hasService) ||
    (operations.length > 0 && !hasOperation) ||
    (findings.length > 0 && !hasFinding);
  if (isForOthers) return undefined;
  const words = [...tags, ...alerts];
  const matches: RunbookMatch[] = [];
  if (hasFinding || words.some((word) => isSame(word, aim.finding))) matches.push("finding");
  if (hasOperation) matches.push("operation");
  if (hasService || words.some((word) => isSame(word, aim.service))) matches.push("service");
  return matches.length === 0 ? undefined : matches;
}

/** How well matches fit: each stronger one outweighs all weaker ones. */
export function weighMatches(matches: readonly RunbookMatch[]): number {
  return RUNBOOK_MATCHES.reduce((sum, match, at) => sum + (matches.includes(match) ? 2 ** (2 - at) : 0), 0);
}

const isSame = (a: string, b: string): boolean => b !== "" && a.toLowerCase() === b.toLowerCase();

/** Parts between the stars must occur in order; linear, so that no pattern takes long. */
function fits(pattern: string, text: string): boolean {
  if (text === "") return false;
  const parts = pattern.toLowerCase().split("*");
  const lower = text.toLowerCase();
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return lower === first;
  if (!lower.startsWith(first) || !lower.endsWith(last) || lower.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = lower.indexOf(part, at);
    if (found < 0 || found + part.length > lower.length - last.length) return false;
    at = found + part.length;
  }
  return at <= lower.length - last.length;
}
