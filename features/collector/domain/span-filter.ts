import { decodeSpan } from "./decode-span";
import { textOfValue } from "./decode-value";
import { FALSEHOODS, TRUTHS } from "./go-bool";
import type { KeyValueJson, SpanJson } from "./otlp-json";
import { KIND_KEY, OPERATION_KEY, SCOPE_NAME_KEY, SCOPE_VERSION_KEY, STATUS_KEY, tokenOf } from "./token";
import type { ResourceGroup } from "./trace-groups";

/** What a trace search asks of one and the same span. Times are inclusive; absent means any. */
export type SpanFilter = {
  service?: string;
  operation?: string;
  minStartNs: bigint;
  maxStartNs: bigint;
  minDurationNs?: bigint;
  maxDurationNs?: bigint;
  attributes: ReadonlyMap<string, string>;
};

/** What both of Jaeger's APIs ask, as a filter: an empty name asks for nothing. */
export function toSpanFilter({ service, operation, minDurationNs, maxDurationNs, ...rest }: Asked): SpanFilter {
  return {
    ...rest,
    ...(service === "" ? {} : { service }),
    ...(operation === "" ? {} : { operation }),
    ...(minDurationNs === undefined ? {} : { minDurationNs }),
    ...(maxDurationNs === undefined ? {} : { maxDurationNs }),
  };
}

type Asked = Omit<SpanFilter, "service" | "operation" | "minDurationNs" | "maxDurationNs"> & {
  service: string;
  operation: string;
  minDurationNs: bigint | undefined;
  maxDurationNs: bigint | undefined;
};

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const STATUSES = ["UNSET", "OK", "ERROR"];

/** Jaeger's pseudo attributes, which stand for fields of the span or its scope. */
const PSEUDO = new Map<string, (value: string) => { key: string; value: string } | undefined>([
  [
    "error",
    (value) => {
      if (TRUTHS.has(value)) return { key: STATUS_KEY, value: "2" };
      return FALSEHOODS.has(value) ? { key: STATUS_KEY, value: "1" } : undefined;
    },
  ],
  ["span.status", (value) => ({ key: STATUS_KEY, value: indexIn(STATUSES, value) })],
  ["span.kind", (value) => ({ key: KIND_KEY, value: indexIn(KINDS, value) })],
  ["scope.name", (value) => ({ key: SCOPE_NAME_KEY, value })],
  ["scope.version", (value) => ({ key: SCOPE_VERSION_KEY, value })],
]);

function indexIn(names: string[], value: string): string {
  return String(Math.max(0, names.indexOf(value.toUpperCase())));
}

/**
 * The tokens a fragment must hold to contain a match: a fragment without one of them is ruled out unread. `undefined` when
 * nothing can match (an `error` that is neither true nor false).
 */
export function requiredTokens(filter: SpanFilter): number[] | undefined {
  const tokens: number[] = [];
  if (filter.operation !== undefined) {
    const key = filter.service === undefined ? OPERATION_KEY : `${OPERATION_KEY} ${filter.service}`;
    tokens.push(tokenOf(key, filter.operation));
  }
  for (const [key, value] of filter.attributes) {
    const pseudo = PSEUDO.get(key);
    const wanted = pseudo === undefined ? { key: key.replace(/^resource\./, ""), value } : pseudo(value);
    if (wanted === undefined) return undefined;
    // A scope without a name has no name token to find.
    if (wanted.value !== "" || pseudo === undefined) tokens.push(tokenOf(wanted.key, wanted.value));
  }
  return tokens;
}

/** Whether any span of a fragment's groups satisfies the whole filter. */
export function hasMatch(groups: readonly ResourceGroup[], filter: SpanFilter): boolean {
  const own = groups.filter(({ service }) => filter.service === undefined || filter.service === service);
  return own.some(({ resource, scopes }) =>
    scopes.some(({ scope, spans }) => {
      const outer = [scope.attributes ?? [], resource.attributes ?? []];
      return spans.some((bytes) => {
        const span = decodeSpan(bytes);
        return matchesFields(span, filter) && matchesAttributes(span, scope, outer, filter.attributes);
      });
    }),
  );
}

function matchesFields(span: SpanJson, filter: SpanFilter): boolean {
  if (filter.operation !== undefined && span.name !== filter.operation) return false;
  const startNs = BigInt(span.startTimeUnixNano ?? 0);
  if (startNs < filter.minStartNs || startNs > filter.maxStartNs) return false;
  const durationNs = BigInt(span.endTimeUnixNano ?? 0) - startNs;
  if (filter.minDurationNs !== undefined && durationNs < filter.minDurationNs) return false;
  return filter.maxDurationNs === undefined || durationNs <= filter.maxDurationNs;
}

function matchesAttributes(
  span: SpanJson,
  scope: { name?: string; version?: string },
  outer: KeyValueJson[][],
  wanted: ReadonlyMap<string, string>,
): boolean {
  const fields: Record<string, string> = {
    [STATUS_KEY]: String(span.status.code ?? 0),
    [KIND_KEY]: String(span.kind ?? 0),
    [SCOPE_NAME_KEY]: scope.name ?? "",
    [SCOPE_VERSION_KEY]: scope.version ?? "",
  };
  for (const [key, value] of wanted) {
    const pseudo = PSEUDO.get(key)?.(value);
    if (pseudo !== undefined) {
      if (fields[pseudo.key] !== pseudo.value) return false;
      continue;
    }
    const places = key.startsWith("resource.") ? outer.slice(1) : placesOf(span, outer);
    const name = key.replace(/^resource\./, "");
    if (!places.some((pairs) => pairs.some((pair) => pair.key === name && textOfValue(pair.value) === value))) {
      return false;
    }
  }
  return true;
}

/** Everywhere Jaeger looks for an attribute: the span, its scope and resource, its events and links. */
function placesOf(span: SpanJson, outer: KeyValueJson[][]): KeyValueJson[][] {
  const inner = [...(span.events ?? []), ...(span.links ?? [])].map(({ attributes }) => attributes ?? []);
  return [span.attributes ?? [], ...outer, ...inner];
}
