import { AppError } from "@/lib/errors";
import type { RunbookDetail, RunbookList, RunbookQuery, RunbookSummary } from "../contract";
import { askedValues } from "../domain/params";
import { cautionToStart } from "../domain/runbook-care";
import { RUNBOOK_KINDS, type RunbookKind } from "../domain/runbook-kind";
import { findRunbookContent, listIdsByPath, listRunbookSummaries, listSources } from "./runbook-repository";
import { searchRunbooks } from "./search-index";

/** The list of runbooks as stored; reading the sources is the worker's business and never waited for. */
export async function listRunbooks({ q, kind, source }: RunbookQuery): Promise<RunbookList> {
  const [sources, all] = await Promise.all([listSources(), listRunbookSummaries()]);
  const matching = await filterByWords(all, q.trim());
  const ofSource = matching.filter((runbook) => source === undefined || runbook.source === source);
  return {
    sources,
    runbooks: ofSource.filter((runbook) => kind === undefined || runbook.kind === kind),
    total: all.length,
    countByKind: countByKind(ofSource),
  };
}

/** One runbook with its text, steps and problems. @throws AppError not_found. */
export async function getRunbook(id: string): Promise<RunbookDetail> {
  const [content, [summary]] = await Promise.all([findRunbookContent(id), listRunbookSummaries(id)]);
  if (content === undefined || summary === undefined) throw new AppError("not_found", `There is no runbook "${id}".`);
  const [sources, idByPath] = await Promise.all([listSources(), listIdsByPath(summary.source)]);
  const sourceState = sources.find(({ name }) => name === summary.source);
  if (sourceState === undefined) throw new AppError("not_found", `There is no runbook "${id}".`);
  const { blob, commit, text, tree, parsed } = content;
  return {
    ...summary,
    blob,
    commit,
    text,
    tree,
    idByPath,
    sourceState,
    asked: askedValues(parsed.placeholders, parsed.params),
    problems: parsed.problems,
    caution: cautionToStart(parsed.care) ?? null,
  };
}

async function filterByWords(all: RunbookSummary[], words: string): Promise<RunbookSummary[]> {
  if (words === "") return all;
  const byId = new Map(all.map((summary) => [summary.id, summary]));
  return (await searchRunbooks(words, all)).flatMap((id) => byId.get(id) ?? []);
}

function countByKind(runbooks: readonly RunbookSummary[]): Record<RunbookKind, number> {
  const counts = Object.fromEntries(RUNBOOK_KINDS.map((kind) => [kind, 0])) as Record<RunbookKind, number>;
  for (const { kind } of runbooks) counts[kind] += 1;
  return counts;
}
