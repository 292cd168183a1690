import type { MatchingRunbook, RunbookAim } from "../contract";
import { matchAim, weighMatches } from "../domain/match-aim";
import { askedValues } from "../domain/params";
import { refusalToStart } from "../domain/runbook-kind";
import { listRunbookAims } from "./runbook-repository";

const MAX_MATCHES = 3;

/** The runbooks that fit best, at most three; forms and archived ones are never offered. */
export async function matchRunbooks(aim: RunbookAim): Promise<{ runbooks: MatchingRunbook[] }> {
  const found = (await listRunbookAims()).flatMap(({ summary, parsed }) => {
    const matches = summary.isTemplate || summary.status === "archived" ? undefined : matchAim(parsed, aim);
    return matches === undefined
      ? []
      : [{ summary, matches, placeholders: askedValues(parsed.placeholders, parsed.params).map(({ name }) => name) }];
  });
  const best = found.toSorted((a, b) => weighMatches(b.matches) - weighMatches(a.matches)).slice(0, MAX_MATCHES);
  return {
    runbooks: best.map(({ summary, matches, placeholders }) => ({
      id: summary.id,
      title: summary.title,
      stepCount: summary.stepCount,
      canStart: refusalToStart(summary) === undefined,
      placeholders,
      matches,
      lastRun: summary.lastRun,
    })),
  };
}
