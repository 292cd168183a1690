import { formatDuration, formatShare } from "@/lib/format";
import { FULL_SIZE, type MapEdge, type MapNode, type MapSize, type Point } from "./map-layout";
import { rateText } from "./rate-text";

/** From this share of failed calls on an edge is drawn as failing. */
export const BAD_ERROR_SHARE = 0.01;
/** What a line of small text takes, px; a character is about this wide. */
const LINE_PX = 12.5;
const CHARACTER_PX = 5.7;
/** Where along an edge its label may stand, best first. */
const ALONG = [0.5, 0.38, 0.62, 0.26, 0.74];
/** A label may not stand where its edge is hidden by a box. */
const ROOM_PX = 4;

type Box = { left: number; right: number; top: number; bottom: number };
export type MapLabel = { edge: MapEdge["edge"]; at: Point; lines: string[]; isBad: boolean };

/** What stands at an edge: how often, how long, and what fails where something does. */
export function labelLines({ perSecond, perTrace, p95Us, errorShare }: MapEdge["edge"]): string[] {
  const rate =
    perSecond !== null ? rateText(perSecond) : perTrace !== null ? `${Math.round(perTrace * 10) / 10} a request` : "";
  const isFailing = errorShare !== null && errorShare > 0;
  const failed = isFailing ? `${formatShare(errorShare)} failed` : "";
  return [rate, p95Us === null ? "" : `p95 ${formatDuration(p95Us)}`, failed].filter((line) => line !== "");
}

/**
 * The labels that find room beside boxes and each other: of failing edges first, then of the busiest. An edge without
 * one shows it when one of its services is looked at, and stands in the list below.
 */
export function placeLabels(
  edges: readonly MapEdge[],
  nodes: readonly MapNode[],
  size: MapSize = FULL_SIZE,
): MapLabel[] {
  const taken: Box[] = nodes.map(({ x, y }) => ({
    left: x,
    right: x + size.boxWidth,
    top: y,
    bottom: y + size.boxHeight,
  }));
  const isBad = ({ edge }: MapEdge) => (edge.errorShare ?? 0) >= BAD_ERROR_SHARE;
  const calls = ({ edge }: MapEdge) => edge.callCount ?? edge.sampledCalls;
  const sorted = [...edges].sort((a, b) => Number(isBad(b)) - Number(isBad(a)) || calls(b) - calls(a));
  return sorted.flatMap((drawn) => {
    const lines = labelLines(drawn.edge);
    const width = Math.max(0, ...lines.map((line) => line.length)) * CHARACTER_PX;
    const height = lines.length * LINE_PX;
    const spots = ALONG.map((share) => pointAlong(drawn, share, size));
    for (const at of lines.length === 0 ? [] : spots) {
      const box = {
        left: at.x - width / 2,
        right: at.x + width / 2,
        top: at.y - height / 2,
        bottom: at.y + height / 2,
      };
      if (taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      return [{ edge: drawn.edge, at, lines, isBad: isBad(drawn) }];
    }
    return [];
  });
}

/** A place on an edge: on its first stretch beside a box, which is free of other columns' boxes. */
export function pointAlong({ points, isBack }: MapEdge, share: number, { boxHeight }: MapSize = FULL_SIZE): Point {
  const [from = { x: 0, y: 0 }, to = from] = points;
  if (isBack) return { x: (from.x + to.x) / 2, y: Math.max(from.y, to.y) + boxHeight / 2 + 20 };
  // The curve that `toEdgePath` draws: level at both ends.
  const t = share;
  const y = from.y + (to.y - from.y) * (3 * t * t - 2 * t * t * t);
  const x = from.x + (to.x - from.x) * (1.5 * t * (1 - t) + t * t * t + 1.5 * t * t * (1 - t));
  return { x, y };
}

/** An edge as an SVG path: curves between columns, straight beside boxes. */
export function toEdgePath({ points, isBack }: MapEdge, { boxHeight }: MapSize = FULL_SIZE): string {
  const [from] = points;
  const to = points.at(-1);
  if (from === undefined || to === undefined) return "";
  if (isBack) {
    const low = Math.max(from.y, to.y) + boxHeight / 2 + 26;
    return `M${from.x} ${from.y}C${from.x + 40} ${low} ${to.x - 40} ${low} ${to.x - ARROW_PX} ${to.y}`;
  }
  const last = points.length - 1;
  return points
    .map(({ x, y }, at) => {
      const endX = at === last ? x - ARROW_PX : x;
      const before = points[at - 1];
      if (before === undefined) return `M${x} ${y}`;
      if (at % 2 === 0) return `L${endX} ${y}`;
      const middle = (before.x + endX) / 2;
      return `C${middle} ${before.y} ${middle} ${y} ${endX} ${y}`;
    })
    .join("");
}

/** The head of the arrow takes the last of the way. */
export const ARROW_PX = 6;

function overlaps(a: Box, b: Box): boolean {
  return (
    a.left < b.right + ROOM_PX &&
    b.left < a.right + ROOM_PX &&
    a.top < b.bottom + ROOM_PX / 2 &&
    b.top < a.bottom + ROOM_PX / 2
  );
}
