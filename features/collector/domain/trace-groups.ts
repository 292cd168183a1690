import { decodeResource, decodeScope } from "./decode-span";
import type { ResourceJson, ScopeJson } from "./otlp-json";
import { separateSharedIds } from "./separate-shared-ids";
import { serviceNameOf } from "./service-name";
import { WireReader } from "./wire-reader";

/** Spans of one trace under one resource; the spans stay encoded until they are needed. */
export type ResourceGroup = {
  service: string;
  resource: ResourceJson;
  schemaUrl: string;
  scopes: { scope: ScopeJson; schemaUrl: string; spans: Buffer[] }[];
};

type OpenScope = ResourceGroup["scopes"][number] & { seen: SeenSpans };
type OpenGroup = Omit<ResourceGroup, "scopes"> & { scopes: Map<string, OpenScope> };

/**
 * Joins the stored pieces of one trace: equal resources and scopes once, in the order they first arrived. A span that was
 * sent twice (an exporter repeats a request whose answer it did not get) is there once; two that share an id as Zipkin's
 * clients and servers do are told apart.
 */
export function groupTrace(pieces: readonly Buffer[]): ResourceGroup[] {
  const steps = groupInTurns(pieces);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Spans grouped before others get their turn: about 10 ms. */
const SPANS_PER_TURN = 4096;

/** The same, yielding every few thousand spans. */
export function* groupInTurns(pieces: readonly Buffer[]): Generator<void, ResourceGroup[]> {
  const groups = new Map<string, OpenGroup>();
  const ids = new Set<string>();
  let hasRepeatedId = false;
  let count = 0;
  for (const piece of pieces) {
    for (const part of scopeSpansOf(piece)) {
      const scope = openScope(openGroup(groups, part), part);
      for (const span of part.spans) {
        if (!scope.seen.isNew(span)) continue;
        scope.spans.push(span);
        const known = ids.size;
        hasRepeatedId ||= ids.add(spanIdOf(span)).size === known;
      }
      count += part.spans.length;
      if (count < SPANS_PER_TURN) continue;
      count = 0;
      yield;
    }
  }
  const joined = Array.from(groups.values(), ({ scopes, ...group }) => ({ ...group, scopes: [...scopes.values()] }));
  if (hasRepeatedId) yield* separateSharedIds(joined.flatMap(({ scopes }) => scopes.map(({ spans }) => spans)));
  return joined;
}

/** Latin-1, good as a map key. */
function spanIdOf(span: Buffer): string {
  const reader = new WireReader(span);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 2) return reader.view().toString("latin1");
    reader.skip();
  }
  return "";
}

function openGroup(groups: Map<string, OpenGroup>, { resource, resourceSchemaUrl: schemaUrl }: ScopeSpans): OpenGroup {
  const key = `${resource.toString("latin1")}\u0000${schemaUrl}`;
  let group = groups.get(key);
  if (group === undefined) {
    const service = serviceNameOf(resource);
    group = { service, resource: decodeResource(resource, service), schemaUrl, scopes: new Map() };
    groups.set(key, group);
  }
  return group;
}

function openScope(group: OpenGroup, { scope, scopeSchemaUrl: schemaUrl }: ScopeSpans): OpenScope {
  const key = `${scope.toString("latin1")}\u0000${schemaUrl}`;
  let open = group.scopes.get(key);
  if (open === undefined) {
    open = { scope: decodeScope(scope), schemaUrl, spans: [], seen: new SeenSpans() };
    group.scopes.set(key, open);
  }
  return open;
}

/** With so many spans of one id, they are told apart by their whole text instead of one by one: 20,000 took 20 s. */
const FEW = 8;

/** Tells a span that came before. The ids stand first in every exporter's encoding; equality decides. */
class SeenSpans {
  readonly #byHead = new Map<string, Buffer[] | Set<string>>();

  isNew(span: Buffer): boolean {
    const head = span.toString("latin1", 0, 28);
    const known = this.#byHead.get(head);
    if (known === undefined) {
      this.#byHead.set(head, [span]);
      return true;
    }
    if (known instanceof Set) {
      const count = known.size;
      return known.add(span.toString("latin1")).size > count;
    }
    if (known.some((other) => other.equals(span))) return false;
    known.push(span);
    if (known.length > FEW) this.#byHead.set(head, new Set(known.map((other) => other.toString("latin1"))));
    return true;
  }
}

type ScopeSpans = {
  resource: Buffer;
  resourceSchemaUrl: string;
  scope: Buffer;
  scopeSchemaUrl: string;
  spans: Buffer[];
};

/** Walks a stored `TracesData` down to its spans, without decoding them. */
export function* scopeSpansOf(piece: Buffer): Generator<ScopeSpans> {
  const data = new WireReader(piece);
  for (let field = data.nextField(); field !== 0; field = data.nextField()) {
    const reader = data.message();
    let resource: Buffer = Buffer.alloc(0);
    let resourceSchemaUrl = "";
    const scopes: WireReader[] = [];
    for (let part = reader.nextField(); part !== 0; part = reader.nextField()) {
      if (part === 1) resource = reader.view();
      else if (part === 2) scopes.push(reader.message());
      else if (part === 3) resourceSchemaUrl = reader.text();
      else reader.skip();
    }
    for (const scope of scopes) yield { resource, resourceSchemaUrl, ...readScopeSpans(scope) };
  }
}

function readScopeSpans(reader: WireReader): Pick<ScopeSpans, "scope" | "scopeSchemaUrl" | "spans"> {
  const found = { scope: Buffer.alloc(0) as Buffer, scopeSchemaUrl: "", spans: [] as Buffer[] };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) found.scope = reader.view();
    else if (field === 2) found.spans.push(reader.view());
    else if (field === 3) found.scopeSchemaUrl = reader.text();
    else reader.skip();
  }
  return found;
}
