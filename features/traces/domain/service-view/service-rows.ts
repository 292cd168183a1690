import { formatShare } from "@/lib/format";
import type { RedReply } from "../facts/red-schema";
import { isTailSlower, type JudgedAs, judgeService, type ServiceJudgement } from "./judge-service";
import { toOperationRows } from "./operation-rows";

export type ServiceState = "worse" | "better" | "same" | "unknown";
export type ServiceRow = {
  service: string;
  /** Undefined while it is being read. */
  red: RedReply | undefined;
  failure: Error | undefined;
  state: ServiceState;
};

/** What happened to a service in the words of one cell; `operation` where it is a single one's. */
export type ServiceChange = { state: ServiceState; text: string; operation: string | undefined; badness: number };

const NOTHING: ServiceChange = { state: "unknown", text: "nothing to compare", operation: undefined, badness: 0 };
const UNKNOWN_TEXTS: Partial<Record<JudgedAs, string>> = {
  silent: "no requests",
  unread: "still being read",
  few: "too few to compare",
  alone: "nothing to compare",
};

/** By the rule of the service's own page; `unknown` while nothing says. */
export function changeOfService(red: RedReply | undefined): ServiceChange {
  if (red === undefined) return NOTHING;
  const judged = judgeService(red, toOperationRows(red));
  const { as, ratio } = judged;
  const text = UNKNOWN_TEXTS[as];
  if (text !== undefined) return { ...NOTHING, text };
  const change = red.against?.change;
  if (as === "as-before") return { ...NOTHING, state: "same", text: aboutText(change?.p95Ratio ?? 1) };
  if (as === "tail-faster" || as === "middle-faster") {
    return { ...NOTHING, state: "better", text: `${as === "tail-faster" ? "p95" : "p50"} ×${ratio.toFixed(2)}` };
  }
  if (as === "fails-more") {
    const delta = change?.errorShareDelta ?? 0;
    return { ...NOTHING, state: "worse", text: `+${formatShare(delta)} errors`, badness: delta * 20 };
  }
  return slower(judged);
}

function slower({ as, ratio, carriers: [worst] }: ServiceJudgement): ServiceChange {
  const isOne = as === "operation-slower";
  const isTail = isOne ? worst !== undefined && isTailSlower(worst) : as === "tail-slower";
  return {
    state: "worse",
    text: `${isTail ? "p95" : "p50"} ×${timesText(ratio)}`,
    operation: isOne ? worst?.operation : undefined,
    badness: Math.log2(Math.max(1, ratio)),
  };
}

/** What happened to a service; `unknown` while nothing says. */
export const serviceStateOf = (red: RedReply | undefined): ServiceState => changeOfService(red).state;

const timesText = (ratio: number): string => (ratio >= 10 ? String(Math.round(ratio)) : ratio.toFixed(1));

/** A difference that is within chance, or small. */
function aboutText(ratio: number): string {
  const percent = Math.round((ratio - 1) * 100);
  return `p95 ${percent === 0 ? "as before" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)}\u202f%`}`;
}

/** Those that got worse first, by how much; then the busiest; equal ones by name. */
export function sortServices(rows: readonly ServiceRow[]): ServiceRow[] {
  const badnessOf = new Map(rows.map(({ service, red }) => [service, changeOfService(red).badness]));
  const badness = ({ service }: ServiceRow) => badnessOf.get(service) ?? 0;
  const begins = ({ red }: ServiceRow) => (red?.basis === "requests" ? 1 : 0);
  return [...rows].sort(
    (a, b) =>
      badness(b) - badness(a) ||
      begins(b) - begins(a) ||
      (b.red?.totals.perSecond ?? 0) - (a.red?.totals.perSecond ?? 0) ||
      a.service.localeCompare(b.service),
  );
}

/** Names with the busy ones first, in their order; those without known traffic follow in theirs. */
export function busiestFirst(names: readonly string[], busiest: readonly string[]): string[] {
  const places = new Map(busiest.map((name, at) => [name, at]));
  const place = (name: string) => places.get(name) ?? busiest.length;
  return [...names].sort((a, b) => place(a) - place(b));
}

/** A line of values as an SVG path in a box of `width` × `height`; gaps where there is none, a dot for one between gaps. */
export function toSparkline(
  values: readonly (number | null)[],
  { width, height }: { width: number; height: number },
): string {
  const top = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  if (top === 0 || values.length < 2) return "";
  let isPenDown = false;
  return values
    .map((value, at) => {
      if (value === null) {
        isPenDown = false;
        return "";
      }
      const command = isPenDown ? "L" : "M";
      const isAlone = !isPenDown && (values[at + 1] ?? null) === null;
      isPenDown = true;
      return `${command}${((at / (values.length - 1)) * width).toFixed(1)} ${(height - (value / top) * height).toFixed(1)}${isAlone ? "h0" : ""}`;
    })
    .join("");
}
