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
/** `isSampled`: counted in the traces that were read whole, not in all. */
type Counted = Omit<Item, "sampledOf"> & { isSampled: boolean };
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
  const sampledTraces = await countSampled(sourceId);
  const items = query.key === undefined ? await keys(sourceId, scope) : await values(table, query.key, scope, signal);
  // Samples are forgotten one by one, counts when nothing adds to them any more: they may be of more than are left.
  const toSampled = ({ isSampled, ...item }: Counted): Item => ({
    ...item,
    traceCount: isSampled && item.traceCount !== null ? Math.min(item.traceCount, sampledTraces) : item.traceCount,
    sampledOf: isSampled ? sampledTraces : null,
  });
  return { items: items.slice(0, query.limit).map(toSampled), sampledTraces };
}

async function keys(sourceId: number, scope: CompletionScope): Promise<Counted[]> {
  const part = scope.part.toLowerCase();
  const fields = QUERY_FIELDS.filter(({ key }) => key.startsWith(part)).map(
    ({ key, sign, hint }): Counted => ({
      kind: "field",
      key,
      value: null,
      insert: key + sign,
      hint,
      traceCount: null,
      isSampled: false,
    }),
  );
  const attributes = (await attributeKeys(sourceId, scope)).filter(({ text }) => text !== RELEASE_KEY);
  return [
    ...fields,
    ...attributes.map(
      ({ text, traces }): Counted => ({
        kind: "attribute",
        key: text,
        value: null,
        insert: `${quoteKey(text)}:`,
        hint: null,
        traceCount: traces,
        isSampled: true,
      }),
    ),
  ];
}

async function values(table: FactTable, key: string, scope: CompletionScope, signal?: AbortSignal): Promise<Counted[]> {
  const sourceId = await table.sourceId();
  const head = ["service", "operation", "status", "release"].includes(key) ? key : quoteKey(key);
  const toItem = ({ text, traces }: { text: string; traces: number | null }): Counted => ({
    kind: "value",
    key,
    value: text,
    insert: `${head}:${quoteValue(text)}`,
    hint: null,
    traceCount: traces,
    isSampled: false,
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
  const seen = await attributeValues(sourceId, key === "release" ? RELEASE_KEY : key, scope);
  return seen.map((value) => ({ ...toItem(value), isSampled: true }));
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
