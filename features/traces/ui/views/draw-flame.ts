import { serviceStyle } from "@/components/ui/service-style";
import { formatCount, formatDuration } from "@/lib/format";
import { colouredAs, nameOf } from "../../domain/span-text";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { type FlameBoxes, REST } from "../../domain/views/flame-boxes";
import type { FlameFrames } from "../../domain/views/flame-frames";
import { tokenColour } from "../token-colour";

/** Everything a picture of the flame shows. */
export type FlamePicture = {
  trace: TraceSkeleton;
  frames: FlameFrames;
  boxes: FlameBoxes;
  rowPx: number;
  /** What the query says of each frame; undefined without one, when nothing is dimmed. */
  marked: Uint8Array | undefined;
  hasPath: boolean;
  selected: number;
  hovered: number;
  isDark: boolean;
};

/** What is drawn of it: from `topPx` on, as high and wide as the canvas. */
export type FlameWindow = { topPx: number; widthPx: number; heightPx: number };

const GAP_PX = 1;
const LEAST_TEXT_PX = 42;
const LEAST_CROSS_PX = 9;
/** Of a frame without a match, of one that leads to a match, and of a match. */
const ALPHAS = [0.22, 0.55, 1];
/** How much of a service's colour is left while waiting for children; as in the waterfall. */
const PALE = { light: 0.3, dark: 0.34 };

/** Draws the rows in sight. Colours are the tokens' of the moment. */
export function drawFlame(context: CanvasRenderingContext2D, picture: FlamePicture, window: FlameWindow): void {
  const { boxes, rowPx } = picture;
  const brush = new FlameBrush(context, picture);
  context.clearRect(0, 0, window.widthPx, window.heightPx);
  const last = Math.min(boxes.rows, Math.ceil((window.topPx + window.heightPx) / rowPx));
  for (let row = Math.max(0, Math.floor(window.topPx / rowPx)); row < last; row += 1) {
    const to = boxes.rowStart[row + 1] ?? 0;
    for (let box = boxes.rowStart[row] ?? to; box < to; box += 1) brush.drawBox(box, row * rowPx - window.topPx);
  }
}

type Place = { x: number; y: number; wide: number; high: number };

class FlameBrush {
  readonly #context: CanvasRenderingContext2D;
  readonly #picture: FlamePicture;
  readonly #tokens: Record<"surface" | "ink" | "ink-3" | "bad" | "accent" | "sunken" | "line-strong", string>;
  readonly #fills = new Map<string, { pale: string; solid: string }>();

  constructor(context: CanvasRenderingContext2D, picture: FlamePicture) {
    this.#context = context;
    this.#picture = picture;
    this.#tokens = {
      surface: tokenColour("surface"),
      ink: tokenColour("ink"),
      "ink-3": tokenColour("ink-3"),
      bad: tokenColour("bad"),
      accent: tokenColour("accent"),
      sunken: tokenColour("sunken"),
      "line-strong": tokenColour("line-strong"),
    };
    context.font = `500 11px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";
  }

  drawBox(box: number, y: number): void {
    const { boxes, frames, marked, rowPx } = this.#picture;
    const x = boxes.fromPx[box] ?? 0;
    const wide = Math.max(1, (boxes.toPx[box] ?? 0) - x - GAP_PX);
    const place = { x, y, wide, high: rowPx - GAP_PX };
    const frame = boxes.frame[box] ?? REST;
    if (frame === REST) {
      this.#drawRest(box, place);
      return;
    }
    this.#context.globalAlpha = marked === undefined ? 1 : (ALPHAS[marked[frame] ?? 0] ?? 1);
    const ownPx = this.#ownWidth(frame, place);
    this.#drawBody(frame, place, ownPx);
    this.#drawLabel(frame, place, ownPx);
    if ((frames.errors[frame] ?? 0) > 0) this.#drawCross(place);
    this.#context.globalAlpha = 1;
    this.#drawOutline(frame, place);
  }

  #ownWidth(frame: number, { wide }: Place): number {
    const { frames } = this.#picture;
    const workUs = frames.workUs[frame] ?? 0;
    const isLeaf = frames.childStart[frame] === frames.childStart[frame + 1];
    return isLeaf || workUs === 0 ? wide : wide * ((frames.selfUs[frame] ?? 0) / workUs);
  }

  /** Pale over what it waited for, solid where it worked itself, underlined where that decided the end. */
  #drawBody(frame: number, { x, y, wide, high }: Place, ownPx: number): void {
    const { frames, hasPath } = this.#picture;
    const fill = this.#fillOf(frame);
    this.#context.fillStyle = fill.pale;
    this.#context.fillRect(x, y, wide, high);
    this.#context.fillStyle = fill.solid;
    this.#context.fillRect(x + wide - ownPx, y, ownPx, high);
    const selfUs = frames.selfUs[frame] ?? 0;
    const share = selfUs === 0 ? 0 : Math.min(1, (frames.ownPathUs[frame] ?? 0) / selfUs);
    if (!hasPath || share === 0) return;
    const linePx = Math.max(Math.min(2, ownPx), ownPx * share);
    this.#context.fillStyle = this.#tokens.surface;
    this.#context.fillRect(x + wide - ownPx, y + high - 4, linePx, 1);
    this.#context.fillStyle = this.#tokens.ink;
    this.#context.fillRect(x + wide - ownPx, y + high - 3, linePx, 3);
  }

  #drawLabel(frame: number, { x, y, wide, high }: Place, ownPx: number): void {
    const { trace, frames } = this.#picture;
    const palePx = wide - ownPx;
    const isOnPale = palePx >= ownPx || palePx >= LEAST_TEXT_PX * 4;
    const roomPx = isOnPale ? palePx : ownPx;
    if (roomPx < LEAST_TEXT_PX) return;
    const span = frames.longest[frame] ?? 0;
    const calls = frames.spanCount[frame] ?? 0;
    const count = calls > 1 ? `${formatCount(calls)} × ` : "";
    const text = `${count}${nameOf(trace, span)}  ${formatDuration(frames.durationUs[frame] ?? 0)}`;
    this.#write(text, isOnPale ? this.#tokens.ink : this.#onSolid(), {
      x: isOnPale ? x : x + palePx,
      y,
      wide: roomPx,
      high,
    });
  }

  #write(text: string, colour: string, { x, y, wide, high }: Place): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(x, y, wide - 4, high);
    context.clip();
    context.fillStyle = colour;
    context.fillText(text, x + 6, y + high / 2);
    context.restore();
  }

  /** Knocked out, so that it is seen on every colour; in a narrow box a mark as high as the box. */
  #drawCross({ x, y, wide, high }: Place): void {
    const context = this.#context;
    const sizePx = Math.min(13, wide, high);
    const left = x + wide - sizePx;
    const top = y + (high - sizePx) / 2;
    context.fillStyle = this.#tokens.surface;
    context.fillRect(left, top, sizePx, sizePx);
    context.strokeStyle = this.#tokens.bad;
    context.lineWidth = sizePx < LEAST_CROSS_PX ? 1 : 2;
    const insetPx = sizePx < LEAST_CROSS_PX ? 0 : 3;
    context.beginPath();
    context.moveTo(left + insetPx, top + insetPx);
    context.lineTo(left + sizePx - insetPx, top + sizePx - insetPx);
    context.moveTo(left + sizePx - insetPx, top + insetPx);
    context.lineTo(left + insetPx, top + sizePx - insetPx);
    context.stroke();
  }

  #drawOutline(frame: number, { x, y, wide, high }: Place): void {
    const { selected, hovered } = this.#picture;
    if (frame !== selected && frame !== hovered) return;
    this.#context.strokeStyle = frame === selected ? this.#tokens.accent : this.#tokens.ink;
    this.#context.lineWidth = 2;
    this.#context.strokeRect(x + 1, y + 1, Math.max(1, wide - 2), high - 2);
  }

  /** Steps too narrow to see, as a stack of thin lines. */
  #drawRest(box: number, place: Place): void {
    const { x, y, wide, high } = place;
    const context = this.#context;
    context.fillStyle = this.#tokens.sunken;
    context.fillRect(x, y, wide, high);
    context.fillStyle = this.#tokens["line-strong"];
    for (let at = x; at < x + wide; at += 3) context.fillRect(at, y, 1, high);
    if (wide < LEAST_TEXT_PX * 2) return;
    context.fillStyle = this.#tokens.sunken;
    const text = `${formatCount(this.#picture.boxes.members[box] ?? 0)} short steps`;
    context.fillRect(x, y, Math.min(wide, context.measureText(text).width + 12), high);
    this.#write(text, this.#tokens["ink-3"], place);
  }

  #onSolid(): string {
    return this.#picture.isDark ? "#0c1013" : "#ffffff";
  }

  #fillOf(frame: number): { pale: string; solid: string } {
    const { trace, frames, isDark } = this.#picture;
    const service = colouredAs(trace, frames.longest[frame] ?? 0);
    const known = this.#fills.get(service);
    if (known !== undefined) return known;
    const colour = tokenColour(serviceStyle(service).colour);
    const fill = {
      pale: mixed(colour, this.#tokens.surface, isDark ? PALE.dark : PALE.light),
      // White letters on the colour itself would be below 4.5 to 1.
      solid: isDark ? colour : mixed(colour, "#000000", 0.86),
    };
    this.#fills.set(service, fill);
    return fill;
  }
}

/** So much of one colour in another; both as `#rgb` or `#rrggbb`. */
function mixed(colour: string, into: string, share: number): string {
  const from = channelsOf(colour);
  const parts = channelsOf(into).map((channel, at) => Math.round((from[at] ?? 0) * share + channel * (1 - share)));
  return `rgb(${parts.join(" ")})`;
}

function channelsOf(hex: string): number[] {
  const digits = hex.length < 7 ? [...hex.slice(1)].map((digit) => digit + digit) : (hex.slice(1).match(/../g) ?? []);
  return digits.map((pair) => Number.parseInt(pair, 16));
}
