import type { RedReply } from "../facts/red-schema";
import { WORSE_ERRORS, WORSE_RATIO } from "./operation-rows";
import { sureRatios } from "./sure-ratios";

export type ServiceState = "worse" | "better" | "same" | "unknown";
export type ServiceRow = {
  service: string;
  /** Undefined while it is being read. */
  red: RedReply | undefined;
  failure: Error | undefined;
  state: ServiceState;
};

/** An operation that takes less of the service's time than this does not speak for it. */
const MIN_TIME_SHARE = 0.02;

/** The operation that got slower by most beyond chance, of those that matter; undefined when none did. */
export function worstOperationOf(red: RedReply | undefined): { operation: string; p95Ratio: number } | undefined {
  const operations = red?.operations ?? [];
  const sure = sureRatios(operations);
  return operations
    .flatMap(({ operation, timeShare }, at) => {
      const p95Ratio = sure[at]?.p95 ?? 0;
      return p95Ratio >= WORSE_RATIO && (timeShare ?? 0) >= MIN_TIME_SHARE ? [{ operation, p95Ratio }] : [];
    })
    .sort((a, b) => b.p95Ratio - a.p95Ratio)[0];
}

/** What happened to a service, or to one of its operations, against before; `unknown` while nothing says. */
export function serviceStateOf(red: RedReply | undefined): ServiceState {
  const change = red?.against?.change;
  if (change === undefined || !change.isEnough) return "unknown";
  const p95Ratio = sureP95Of(red) ?? 1;
  if (p95Ratio >= WORSE_RATIO || (change.errorShareDelta ?? 0) >= WORSE_ERRORS) return "worse";
  if (worstOperationOf(red) !== undefined) return "worse";
  return p95Ratio <= 1 / WORSE_RATIO ? "better" : "same";
}

/** How many times as long the service's p95 is as before; 1 where the difference is within chance. */
export function sureP95Of(red: RedReply | undefined): number | null {
  if (red?.against == null) return null;
  const { change, histogramNow, histogramBefore } = red.against;
  return sureRatios([{ change, histogram: histogramNow, histogramBefore }])[0]?.p95 ?? null;
}

/** Those that got worse first, by how much; then the busiest; equal ones by name. */
export function sortServices(rows: readonly ServiceRow[]): ServiceRow[] {
  const badness = ({ red, state }: ServiceRow) => {
    if (state !== "worse") return 0;
    const change = red?.against?.change;
    const ratio = Math.max(sureP95Of(red) ?? 1, worstOperationOf(red)?.p95Ratio ?? 1);
    return Math.max(Math.log2(ratio), (change?.errorShareDelta ?? 0) * 20);
  };
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
