import { formatCount } from "@/lib/format";
import type { ServiceMapReply } from "../facts/service-map-schema";

type Edge = ServiceMapReply["edges"][number];
export type ServiceCalls = { callers: Edge[]; called: Edge[] };

/** Who calls a service, and whom it calls, the most calls first. */
export function callsOf({ edges }: Pick<ServiceMapReply, "edges">, service: string): ServiceCalls {
  return {
    callers: edges.filter(({ child }) => child === service),
    called: edges.filter(({ parent }) => parent === service),
  };
}

/** What is said of the calls of a service rests on these of its traces. */
export function callBasis({ nodes }: Pick<ServiceMapReply, "nodes">, service: string): string {
  const { sampledCount = 0, traceCount = 0 } = nodes.find((node) => node.service === service) ?? {};
  if (traceCount === 0) return "";
  return `from ${formatCount(sampledCount)} of its ${formatCount(traceCount)} traces`;
}

/** What to say where no call of a service is known: that it makes none is only known of traces that were read. */
export function noCallsText({ nodes }: Pick<ServiceMapReply, "nodes">, service: string): string {
  const { sampledCount = 0, traceCount = 0 } = nodes.find((node) => node.service === service) ?? {};
  if (traceCount === 0) return "No trace of it is known in this window, so its calls are not known either.";
  if (sampledCount === 0) return "None of its traces has been read yet, so its calls are not known.";
  return `It calls nothing and nobody calls it in the ${formatCount(sampledCount)} of its ${formatCount(traceCount)} traces that were read.`;
}

export type MapNode = { service: string; isRemote: boolean; column: number; row: number };
export type MapLayout = { nodes: MapNode[]; columnCount: number; rowCount: number };

/**
 * Services in columns: whom nobody calls first, the called to the right of their callers. A cycle is cut where it closes,
 * so that every service has one place.
 */
export function layOutMap({ nodes, edges }: Pick<ServiceMapReply, "nodes" | "edges">): MapLayout {
  const known = new Map(nodes.map((node) => [node.service, node]));
  const below = new Map<string, string[]>();
  const callerCount = new Map<string, number>();
  for (const { parent, child } of edges) {
    if (parent === child || !known.has(parent) || !known.has(child)) continue;
    below.set(parent, [...(below.get(parent) ?? []), child]);
    callerCount.set(child, (callerCount.get(child) ?? 0) + 1);
  }
  const columns = columnsOf([...known.keys()], below, callerCount);
  const rows = new Map<number, number>();
  const busiestFirst = [...nodes].sort(
    (a, b) =>
      Number(a.isRemote) - Number(b.isRemote) ||
      (b.requestCount ?? 0) - (a.requestCount ?? 0) ||
      (a.service < b.service ? -1 : 1),
  );
  const placed = busiestFirst.map(({ service, isRemote }) => {
    const column = columns.get(service) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return { service, isRemote, column, row };
  });
  return { nodes: placed, columnCount: Math.max(0, ...rows.keys()) + 1, rowCount: Math.max(1, ...rows.values()) };
}

function columnsOf(
  services: readonly string[],
  below: ReadonlyMap<string, string[]>,
  callers: ReadonlyMap<string, number>,
): Map<string, number> {
  const columns = new Map<string, number>();
  // Longest way from a service nobody calls; at most as many columns as services, which also ends cycles.
  let wave = services.filter((service) => (callers.get(service) ?? 0) === 0);
  const start = wave.length === 0 ? services.slice(0, 1) : wave;
  for (const service of start) columns.set(service, 0);
  wave = start;
  for (let column = 1; column < services.length && wave.length > 0; column += 1) {
    const next = new Set(wave.flatMap((service) => below.get(service) ?? []));
    wave = [...next].filter((service) => !start.includes(service));
    for (const service of wave) if (!isAncestorPlaced(columns, service, column)) columns.set(service, column);
  }
  for (const service of services) if (!columns.has(service)) columns.set(service, 0);
  return columns;
}

/** A service deeper than six columns is in a cycle or a chain nobody reads: it stays where it is. */
const MAX_COLUMN = 6;
const isAncestorPlaced = (columns: ReadonlyMap<string, number>, service: string, column: number): boolean =>
  columns.has(service) && column > MAX_COLUMN;
