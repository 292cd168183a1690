import type { ServiceMapReply } from "../facts/service-map-schema";

type Edge = ServiceMapReply["edges"][number];

export type Layers = {
  /** Services and lanes, top to bottom, of each column. */
  columns: string[][];
  columnOf: ReadonlyMap<string, number>;
  /** The lanes of an edge that passes columns, left to right. */
  lanesOf: ReadonlyMap<Edge, string[]>;
  isLane: (id: string) => boolean;
  /** What a service or lane is joined with in the columns beside it. */
  joined: ReadonlyMap<string, string[]>;
};

const SWEEPS = 8;
/** No service is called so: names of lanes begin with it. */
const LANE = "\u0000";

/**
 * Layers of a graph after Sugiyama: cycles are cut where a walk from the services that nobody calls comes back, a service
 * stands right of all its callers, and columns are sorted by where their neighbours stand until fewer edges cross. With
 * `isNear` it stands as near to those that nobody calls as its shortest way: few columns, and no edge passes one.
 */
export function layerServices({ nodes, edges }: Pick<ServiceMapReply, "nodes" | "edges">, isNear = false): Layers {
  const services = [...nodes].sort(
    (a, b) =>
      Number(a.isRemote) - Number(b.isRemote) ||
      (b.requestCount ?? 0) - (a.requestCount ?? 0) ||
      (a.service < b.service ? -1 : 1),
  );
  const names = services.map(({ service }) => service);
  const known = new Set(names);
  const drawn = edges.filter(({ parent, child }) => parent !== child && known.has(parent) && known.has(child));
  const ahead = withoutCycles(names, drawn);
  const columnOf = isNear ? shortestWays(names, ahead) : longestWays(names, ahead);
  const columns: string[][] = Array.from({ length: Math.max(0, ...columnOf.values()) + 1 }, () => []);
  for (const name of names) columns[columnOf.get(name) ?? 0]?.push(name);
  const lanesOf = new Map<Edge, string[]>();
  const joined = new Map<string, string[]>();
  const join = (a: string, b: string) => {
    joined.set(a, [...(joined.get(a) ?? []), b]);
    joined.set(b, [...(joined.get(b) ?? []), a]);
  };
  for (const edge of ahead) {
    const lanes: string[] = [];
    const to = columnOf.get(edge.child) ?? 0;
    for (let column = (columnOf.get(edge.parent) ?? 0) + 1; column < to; column += 1) {
      const lane = `${LANE}${edge.parent}${LANE}${edge.child}${LANE}${column}`;
      lanes.push(lane);
      columns[column]?.push(lane);
    }
    lanesOf.set(edge, lanes);
    const way = [edge.parent, ...lanes, edge.child];
    for (let at = 1; at < way.length; at += 1) join(way[at - 1] ?? "", way[at] ?? "");
  }
  sortColumns(columns, joined);
  return { columns, columnOf, lanesOf, joined, isLane: (id) => id.startsWith(LANE) };
}

/** The edges that do not come back to where a walk came from. */
function withoutCycles(names: readonly string[], edges: readonly Edge[]): Edge[] {
  const below = groupBy(edges, ({ parent }) => parent);
  const isCalled = new Set(edges.map(({ child }) => child));
  const state = new Map<string, "open" | "done">();
  const back = new Set<Edge>();
  const begin = (name: string) => {
    state.set(name, "open");
    return { name, next: [...(below.get(name) ?? [])] };
  };
  const starts = [...names.filter((name) => !isCalled.has(name)), ...names];
  for (const start of starts) {
    if (state.has(start)) continue;
    const stack = [begin(start)];
    // No recursion: a chain of calls is as long as traces make it.
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = top.next.shift();
      if (edge === undefined) {
        state.set(top.name, "done");
        stack.pop();
      } else if (state.get(edge.child) === "open") back.add(edge);
      else if (!state.has(edge.child)) stack.push(begin(edge.child));
    }
  }
  return edges.filter((edge) => !back.has(edge));
}

/** Per service the number of edges on the longest way to it; the edges hold no cycle. */
function longestWays(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const below = groupBy(edges, ({ parent }) => parent);
  const callers = new Map<string, number>();
  for (const { child } of edges) callers.set(child, (callers.get(child) ?? 0) + 1);
  const columns = new Map(names.map((name) => [name, 0]));
  const ready = names.filter((name) => !callers.has(name));
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    for (const { child } of below.get(name) ?? []) {
      columns.set(child, Math.max(columns.get(child) ?? 0, (columns.get(name) ?? 0) + 1));
      const left = (callers.get(child) ?? 0) - 1;
      callers.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return columns;
}

/** Per service the number of edges on the shortest way to it from one that nobody calls. */
function shortestWays(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const below = groupBy(edges, ({ parent }) => parent);
  const isCalled = new Set(edges.map(({ child }) => child));
  const reached = names.filter((name) => !isCalled.has(name));
  const columns = new Map(reached.map((name) => [name, 0]));
  // The list grows as it is walked.
  for (const name of reached) {
    for (const { child } of below.get(name) ?? []) {
      if (columns.has(child)) continue;
      columns.set(child, (columns.get(name) ?? 0) + 1);
      reached.push(child);
    }
  }
  return columns;
}

/** Sorts each column by the mean place of what it is joined with, to and fro, and keeps the order that crosses least. */
function sortColumns(columns: string[][], joined: ReadonlyMap<string, string[]>): void {
  const columnAt = new Map(columns.flatMap((column, at) => column.map((id) => [id, at] as const)));
  let best = columns.map((column) => [...column]);
  let fewest = countCrossings(best, joined, columnAt);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const isRightwards = sweep % 2 === 0;
    for (const at of isRightwards ? columns.keys() : [...columns.keys()].reverse()) {
      const beside = new Map(columns[at + (isRightwards ? -1 : 1)]?.map((id, place) => [id, place]));
      const own = new Map(columns[at]?.map((id, place) => [id, place]));
      const wanted = (id: string) => {
        const places = (joined.get(id) ?? []).flatMap((other) => beside.get(other) ?? []);
        return places.length === 0 ? undefined : places.reduce((sum, place) => sum + place, 0) / places.length;
      };
      const keys = new Map(columns[at]?.map((id) => [id, wanted(id) ?? own.get(id) ?? 0]));
      columns[at]?.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || (own.get(a) ?? 0) - (own.get(b) ?? 0));
    }
    const crossings = countCrossings(columns, joined, columnAt);
    if (crossings < fewest) [best, fewest] = [columns.map((column) => [...column]), crossings];
  }
  for (const [at, column] of best.entries()) columns[at] = column;
}

/** How often edges between neighbouring columns cross. A few hundred edges at most, so each pair is looked at. */
export function countCrossings(
  columns: readonly (readonly string[])[],
  joined: ReadonlyMap<string, readonly string[]>,
  columnAt: ReadonlyMap<string, number>,
): number {
  let crossings = 0;
  for (let at = 1; at < columns.length; at += 1) {
    const left = new Map(columns[at - 1]?.map((id, place) => [id, place]));
    const ends = (columns[at] ?? []).flatMap((id, to) =>
      (joined.get(id) ?? []).flatMap((other) => {
        const from = columnAt.get(other) === at - 1 ? left.get(other) : undefined;
        return from === undefined ? [] : [{ from, to }];
      }),
    );
    for (const [one, a] of ends.entries())
      for (let two = 0; two < one; two += 1) {
        const b = ends[two];
        if (b !== undefined && (a.from - b.from) * (a.to - b.to) < 0) crossings += 1;
      }
  }
  return crossings;
}

/** `Map.groupBy`, which browsers and Node have only since lately. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
