import MiniSearch from "minisearch";
import type { RunbookSummary } from "../contract";
import { listSearchTexts, readCatalogueVersion } from "./runbook-repository";

type Entry = { id: string; title: string; headings: string; words: string; path: string; text: string };
let current: { version: string; index: MiniSearch<Entry> } | undefined;

/**
 * Finds runbooks by words of their title, headings, tags, owners, alerts, path, text and commands: every word must
 * occur, beginnings and small slips count. @returns ids, best first.
 */
export async function searchRunbooks(query: string, summaries: readonly RunbookSummary[]): Promise<string[]> {
  const version = await readCatalogueVersion();
  if (current?.version !== version) current = { version, index: await buildIndex(summaries) };
  return current.index.search(query).map(({ id }) => String(id));
}

async function buildIndex(summaries: readonly RunbookSummary[]): Promise<MiniSearch<Entry>> {
  const summaryById = new Map(summaries.map((summary) => [summary.id, summary]));
  const index = new MiniSearch<Entry>({
    fields: ["title", "headings", "words", "path", "text"],
    searchOptions: {
      boost: { title: 5, words: 3, headings: 2, path: 2 },
      combineWith: "AND",
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.25 : false),
    },
  });
  for (const { id, text, parsed } of await listSearchTexts()) {
    const summary = summaryById.get(id);
    if (summary === undefined) continue;
    const { owners, tags, services, environments, alerts, operations, findings } = parsed;
    const lists = [owners, tags, services, environments, alerts, operations, findings, [summary.summary]];
    const words = lists.flat().join(" ");
    index.add({ id, title: summary.title, headings: parsed.headings.join(" "), words, path: summary.path, text });
  }
  return index;
}
