import type { CompletionsQuery, CompletionsReply } from "@/features/traces/contract";
import { QUERY_FIELDS, quoteKey, quoteValue, RELEASE_KEY } from "@/features/traces/domain/query/query-line";
import type { FactTable } from "./fact-table";
import {
  attributeKeys,
  attributeValues,
  type CompletionScope,
  countSampled,
  rootNames,
  type SeenValue,
} from "./trace-sample-repository";

type Item = CompletionsReply["items"][number];
const STATUSES = ["error", "ok"];

/** What could stand next in a query line, out of what was seen: services, operations, attribute keys and their values. */
export async function completeQuery(
  table: FactTable,
  query: CompletionsQuery,
  signal?: AbortSignal,
): Promise<CompletionsReply> {
  const sourceId = await table.sourceId();
  // Typing goes on meanwhile; what this pass reads is there for the next letter.
  void table.sampler.sample(table.windowOf({}), { waitMs: 0 });
  const scope = { part: query.prefix, service: query.service, limit: query.limit };
  const items = query.key === undefined ? await keys(sourceId, scope) : await values(table, query.key, scope, signal);
  return { items: items.slice(0, query.limit), sampledTraces: await countSampled(sourceId) };
}

async function keys(sourceId: number, scope: CompletionScope): Promise<Item[]> {
  const part = scope.part.toLowerCase();
  const fields = QUERY_FIELDS.filter(({ key }) => key.startsWith(part)).map(
    ({ key, sign, hint }): Item => ({ kind: "field", key, value: null, insert: key + sign, hint, traceCount: null }),
  );
  const attributes = (await attributeKeys(sourceId, scope)).filter(({ text }) => text !== RELEASE_KEY);
  return [
    ...fields,
    ...attributes.map(
      ({ text, traces }): Item => ({
        kind: "attribute",
        key: text,
        value: null,
        insert: `${quoteKey(text)}:`,
        hint: null,
        traceCount: traces,
      }),
    ),
  ];
}

async function values(table: FactTable, key: string, scope: CompletionScope, signal?: AbortSignal): Promise<Item[]> {
  const sourceId = await table.sourceId();
  const head = ["service", "operation", "status", "release"].includes(key) ? key : quoteKey(key);
  const toItem = ({ text, traces }: { text: string; traces: number | null }): Item => ({
    kind: "value",
    key,
    value: text,
    insert: `${head}:${quoteValue(text)}`,
    hint: null,
    traceCount: traces,
  });
  if (key === "status") {
    return STATUSES.filter((status) => status.startsWith(scope.part)).map((text) => toItem({ text, traces: null }));
  }
  if (key === "service") {
    const seen = await rootNames(sourceId, "root_service", { ...scope, service: undefined });
    // A source that does not answer only adds no names to those that were seen.
    return withKnown(seen, await table.source.listServices(signal).catch(() => []), scope).map(toItem);
  }
  if (key === "operation") {
    const seen = await rootNames(sourceId, "root_operation", scope);
    return withKnown(seen, await operationsOf(table, scope, signal), scope).map(toItem);
  }
  return (await attributeValues(sourceId, key === "release" ? RELEASE_KEY : key, scope)).map(toItem);
}

async function operationsOf(table: FactTable, { service }: CompletionScope, signal?: AbortSignal): Promise<string[]> {
  if (service === undefined) return [];
  // As with services: what was seen is offered without it.
  const operations = await table.source.listOperations(service, signal).catch(() => []);
  return operations.map(({ name }) => name);
}

/** What was counted first, then what the source lists beside it. */
function withKnown(seen: readonly SeenValue[], listed: readonly string[], { part }: CompletionScope) {
  const counted = new Set(seen.map(({ text }) => text));
  const wanted = part.toLowerCase();
  const others = [...new Set(listed)].filter((name) => !counted.has(name) && name.toLowerCase().includes(wanted));
  return [...seen, ...others.sort().map((text) => ({ text, traces: null }))];
}
