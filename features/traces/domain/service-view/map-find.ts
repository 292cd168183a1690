import type { ServiceMapReply } from "../facts/service-map-schema";

type ServiceMap = Pick<ServiceMapReply, "nodes" | "edges">;

/** What of a map stands out while a name is looked for. */
export type MapFind = {
  /** Best first. */
  matches: string[];
  /** The one that is meant: its calls are shown, Enter opens it. */
  active: string | undefined;
  /** Whom it calls and who calls it. */
  neighbours: ReadonlySet<string>;
  /** The matches and the neighbours; all else recedes. */
  shown: ReadonlySet<string>;
};

/** Services with `text` in their name; the one `wanted` is meant while it is among them, else the best. Nothing for "". */
export function findInMap(map: ServiceMap, text: string, wanted: string | undefined): MapFind | undefined {
  const sought = text.trim().toLowerCase();
  if (sought === "") return undefined;
  const matches = map.nodes
    .map(({ service, requestCount }) => ({ service, count: requestCount ?? 0, rank: rankOf(service, sought) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank || b.count - a.count || (a.service < b.service ? -1 : 1))
    .map(({ service }) => service);
  const active = wanted !== undefined && matches.includes(wanted) ? wanted : matches[0];
  const neighbours = active === undefined ? new Set<string>() : neighboursOf(map, active);
  return { matches, active, neighbours, shown: new Set([...matches, ...neighbours]) };
}

/** The names with `text` in them, best first; all as they are for "". */
export function findByName(services: readonly string[], text: string): string[] {
  const sought = text.trim().toLowerCase();
  if (sought === "") return [...services];
  return services
    .map((service) => ({ service, rank: rankOf(service, sought) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank)
    .map(({ service }) => service);
}

const NO_MATCH = 3;

/** The whole name, its beginning, any part of it. */
function rankOf(service: string, sought: string): number {
  const name = service.toLowerCase();
  if (name === sought) return 0;
  if (name.startsWith(sought)) return 1;
  return name.includes(sought) ? 2 : NO_MATCH;
}

/** Whom a service calls and who calls it. */
export function neighboursOf({ edges }: Pick<ServiceMap, "edges">, service: string): Set<string> {
  const joined = edges.flatMap(({ parent, child }) =>
    parent === service ? [child] : child === service ? [parent] : [],
  );
  return new Set(joined.filter((other) => other !== service));
}

/** The part of a map that stands out, with the calls among it. */
export function onlyShown<T extends ServiceMap>(map: T, shown: ReadonlySet<string>): Pick<T, "nodes" | "edges"> {
  return {
    nodes: map.nodes.filter(({ service }) => shown.has(service)),
    edges: map.edges.filter(({ parent, child }) => shown.has(parent) && shown.has(child)),
  };
}
