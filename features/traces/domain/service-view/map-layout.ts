import type { ServiceMapReply } from "../facts/service-map-schema";
import { groupBy, type Layers, layerServices } from "./map-layers";

/** px. `lane` is the room that an edge takes which passes a column, `port` the distance of ends at one side of a box. */
export type MapSize = {
  boxWidth: number;
  boxHeight: number;
  columnPx: number;
  rowPx: number;
  lanePx: number;
  portPx: number;
};
/** A box with its figures. */
export const FULL_SIZE: MapSize = { boxWidth: 168, boxHeight: 44, columnPx: 300, rowPx: 66, lanePx: 26, portPx: 9 };
/** A box with its name alone: of many services, whose figures come with the one that is looked at. */
export const SMALL_SIZE: MapSize = { boxWidth: 168, boxHeight: 24, columnPx: 268, rowPx: 32, lanePx: 6, portPx: 4 };
/** More services than this are drawn small. */
const MOST_FULL = 60;
/** A column of more than this many small boxes has several abreast, this far apart. */
const MOST_BELOW = 48;
const ABREAST_PX = 14;
const PAD_PX = 14;
/** Below the lowest box: edges that come back pass there. */
const FOOT_PX = 26;
const SWEEPS = 6;

type Edge = ServiceMapReply["edges"][number];
export type Point = { x: number; y: number };
export type MapNode = { service: string; isRemote: boolean; x: number; y: number };
/** From the right side of the caller over the columns between to the left side of the called; back edges go leftwards. */
export type MapEdge = { edge: Edge; points: Point[]; isBack: boolean };
export type MapLayout = { nodes: MapNode[]; edges: MapEdge[]; width: number; height: number; size: MapSize };

/**
 * Where a frame over the map is scrolled to so that a box is in it, with those to its right it calls: no further than it
 * must, so that the first column stays where there is room.
 */
export function scrollToShow(
  { x, y }: Pick<MapNode, "x" | "y">,
  { width, height, size }: Pick<MapLayout, "width" | "height" | "size">,
  frame: { width: number; height: number },
): { left: number; top: number } {
  const right = Math.min(width, x + size.columnPx + size.boxWidth + PAD_PX);
  const left = Math.min(Math.max(0, right - frame.width), Math.max(0, x - PAD_PX));
  const isInFirst = y + size.boxHeight + PAD_PX <= frame.height;
  const middle = y + size.boxHeight / 2 - frame.height / 2;
  return { left, top: isInFirst ? 0 : Math.max(0, Math.min(middle, height - frame.height)) };
}

/**
 * Services in columns, callers left of whom they call, each beside what it talks to; an edge that passes columns gets a
 * lane between their boxes. Edges that close a cycle go back and do not decide a place.
 */
export function layOutMap(map: Pick<ServiceMapReply, "nodes" | "edges">): MapLayout {
  const size = map.nodes.length > MOST_FULL ? SMALL_SIZE : FULL_SIZE;
  const layers = layerServices(map, size === SMALL_SIZE);
  const abreast = layers.columns.map(({ length }) => (size === SMALL_SIZE ? Math.ceil(length / MOST_BELOW) : 1));
  const places = placeRows(layers, size, abreast);
  const known = new Map(map.nodes.map((node) => [node.service, node]));
  const lefts = leftsOf(abreast, size);
  const xOf = (column: number) => lefts[column] ?? PAD_PX;
  const nodes = layers.columns.flatMap((column, at) =>
    column.flatMap((id, place) => {
      const node = known.get(id);
      const x = xOf(at) + (place % (abreast[at] ?? 1)) * (size.boxWidth + ABREAST_PX);
      const y = (places.get(id) ?? 0) - size.boxHeight / 2;
      return node === undefined ? [] : [{ service: id, isRemote: node.isRemote, x, y }];
    }),
  );
  const boxX = new Map(nodes.map(({ service, x }) => [service, x]));
  return {
    nodes,
    edges: drawEdges(map.edges, layers, { places, xOf, boxX, size }),
    width: nodes.reduce((most, { x }) => Math.max(most, x + size.boxWidth), 0) + PAD_PX,
    height: nodes.reduce((most, { y }) => Math.max(most, y + size.boxHeight), 0) + PAD_PX + FOOT_PX,
    size,
  };
}

/** Where the columns begin; one of several boxes abreast is as wide as they are. */
function leftsOf(abreast: readonly number[], size: MapSize): number[] {
  let x = PAD_PX;
  return abreast.map((count) => {
    const left = x;
    x += size.columnPx + (Math.max(1, count) - 1) * (size.boxWidth + ABREAST_PX);
    return left;
  });
}

/** The middle of every box and lane: in the order of its column, as near to what it is joined with as the others leave. */
function placeRows(
  { columns, joined, isLane }: Layers,
  { lanePx, rowPx }: MapSize,
  abreast: readonly number[],
): Map<string, number> {
  const places = new Map<string, number>();
  const rooms = new Map(columns.flatMap((column, at) => column.map((id) => [id, rowPx / (abreast[at] ?? 1)] as const)));
  const roomOf = (id: string) => (isLane(id) ? lanePx : (rooms.get(id) ?? rowPx));
  for (const column of columns) {
    let y = 0;
    for (const id of column) {
      places.set(id, y + roomOf(id) / 2);
      y += roomOf(id);
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      const wanted = column.map((id) => mean((joined.get(id) ?? []).map((other) => places.get(other) ?? 0)));
      settle(column, wanted, { places, roomOf });
    }
  }
  for (const [at, column] of columns.entries()) standAbreast(column, abreast[at] ?? 1, { places, rowPx });
  const top = Math.min(...[...places].map(([id, y]) => y - roomOf(id) / 2), Number.POSITIVE_INFINITY);
  for (const [id, y] of places) places.set(id, y - top + PAD_PX);
  return places;
}

/** Puts the boxes of a column that stand beside each other at one height. */
function standAbreast(column: readonly string[], count: number, { places, rowPx }: Rows): void {
  if (count <= 1) return;
  let downTo = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < column.length; at += count) {
    const row = column.slice(at, at + count);
    downTo = Math.max(downTo + rowPx, mean(row.map((id) => places.get(id) ?? 0)) ?? 0);
    for (const id of row) places.set(id, downTo);
  }
}

type Rows = { places: Map<string, number>; rowPx: number };
type Settling = { places: Map<string, number>; roomOf: (id: string) => number };

/** Moves a column to where its members want to be, in their order and without one standing on another. */
function settle(
  column: readonly string[],
  wanted: readonly (number | undefined)[],
  { places, roomOf }: Settling,
): void {
  const goal = (id: string, at: number) => wanted[at] ?? places.get(id) ?? 0;
  let downTo = Number.NEGATIVE_INFINITY;
  const down = column.map((id, at) => {
    const y = Math.max(goal(id, at), downTo + roomOf(id) / 2);
    downTo = y + roomOf(id) / 2;
    return y;
  });
  let upTo = Number.POSITIVE_INFINITY;
  const up = [...column];
  const upwards: number[] = [];
  for (const [back, id] of up.reverse().entries()) {
    const y = Math.min(goal(id, column.length - 1 - back), upTo - roomOf(id) / 2);
    upTo = y - roomOf(id) / 2;
    upwards.unshift(y);
  }
  // Pushed down all stand too low, pushed up too high; both keep the distances, so the middle does.
  for (const [at, id] of column.entries()) places.set(id, ((down[at] ?? 0) + (upwards[at] ?? 0)) / 2);
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

type Drawing = {
  places: ReadonlyMap<string, number>;
  xOf: (column: number) => number;
  boxX: ReadonlyMap<string, number>;
  size: MapSize;
};

function drawEdges(
  edges: readonly Edge[],
  { columnOf, lanesOf }: Layers,
  { places, xOf, boxX, size }: Drawing,
): MapEdge[] {
  const drawn = edges.flatMap((edge): MapEdge[] => {
    const [from, to] = [columnOf.get(edge.parent), columnOf.get(edge.child)];
    if (from === undefined || to === undefined) return [];
    const isBack = to <= from;
    const start = { x: (boxX.get(edge.parent) ?? xOf(from)) + size.boxWidth, y: places.get(edge.parent) ?? 0 };
    const end = { x: boxX.get(edge.child) ?? xOf(to), y: places.get(edge.child) ?? 0 };
    const lanes = isBack ? [] : (lanesOf.get(edge) ?? []);
    const between = lanes.flatMap((lane, at) => {
      const y = places.get(lane) ?? 0;
      const x = xOf(from + 1 + at);
      return [
        { x, y },
        { x: x + size.boxWidth, y },
      ];
    });
    return [{ edge, points: [start, ...between, end], isBack }];
  });
  const ahead = drawn.filter(({ isBack }) => !isBack);
  spreadPorts(ahead, { boxOf: ({ edge }) => edge.parent, at: 0, size });
  spreadPorts(ahead, { boxOf: ({ edge }) => edge.child, at: -1, size });
  return drawn;
}

type Ports = { boxOf: (edge: MapEdge) => string; at: 0 | -1; size: MapSize };

/** Edges that leave or reach a box at the same side do so one below the other, in the order of their other ends. */
function spreadPorts(edges: readonly MapEdge[], { boxOf, at, size }: Ports): void {
  for (const [, ends] of groupBy(edges, boxOf)) {
    const other = ({ points }: MapEdge) => points.at(at === 0 ? 1 : -2)?.y ?? 0;
    const step = Math.min(size.portPx, (size.boxHeight - 8) / Math.max(1, ends.length - 1));
    const sorted = [...ends].sort((a, b) => other(a) - other(b));
    for (const [place, { points }] of sorted.entries()) {
      const end = points.at(at);
      if (end !== undefined) end.y += (place - (sorted.length - 1) / 2) * step;
    }
  }
}
