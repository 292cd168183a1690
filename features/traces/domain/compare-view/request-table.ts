import { durationQuantity, formatNumber, formatShare, toText } from "@/lib/format";
import type { ComparedSide, CompareReply } from "../paths/compare-schema";

/** One line of "per request". `ratio` is after over before; null where there is nothing to divide by. */
export type RequestRow = { label: string; before: string; after: string; ratio: number | null; isAlike: boolean };

/** Changes by less than this share are alike. */
const ALIKE = 0.08;
const ALIKE_ERRORS = 0.005;
const MAX_SYSTEMS = 3;
const MIN_SYSTEM_US = 500;

/** Durations, work and traffic of one request on each side. Quantiles need requests to be quantiles of. */
export function toRequestRows({ before, after }: Pick<CompareReply, "before" | "after">): RequestRow[] {
  const fewest = Math.min(before.ticksUs.length, after.ticksUs.length);
  const [a, b] = [before.perRequest, after.perRequest];
  const isGroups = fewest > 1;
  const quantiles: [label: string, key: keyof typeof before.quantiles, least: number][] = [
    ["p50", "p50Us", 2],
    ["p75", "p75Us", 8],
    ["p95", "p95Us", 20],
    ["p99", "p99Us", 100],
  ];
  return [
    ...quantiles
      .filter(([, , least]) => fewest >= least)
      .map(([label, key]) => durationRow(label, before.quantiles[key], after.quantiles[key])),
    durationRow(meanLabel({ before, after }, isGroups), a.durationUs, b.durationUs),
    countRow("Queries", a.queries, b.queries),
    ...systemRows({ before, after }),
    countRow("Spans", a.spans, b.spans),
    shareRow("Errors", a.errorShare, b.errorShare),
    ...(a.perMinute === null || b.perMinute === null ? [] : [countRow("Requests a minute", a.perMinute, b.perMinute)]),
  ];
}

function systemRows({ before, after }: Pick<CompareReply, "before" | "after">): RequestRow[] {
  const names = [...new Set([...after.systems, ...before.systems].map(({ name }) => name))];
  const busyOf = (side: CompareReply["before"], name: string) =>
    side.systems.find((system) => system.name === name)?.busyUs ?? 0;
  return names
    .map((name) => ({ name, was: busyOf(before, name), is: busyOf(after, name) }))
    .filter(({ was, is }) => Math.max(was, is) >= MIN_SYSTEM_US)
    .sort((x, y) => Math.abs(y.is - y.was) - Math.abs(x.is - x.was))
    .slice(0, MAX_SYSTEMS)
    .map(({ name, was, is }) => durationRow(`Time in ${name}`, was, is));
}

const durationRow = (label: string, was: number, is: number): RequestRow =>
  row(label, [was, is], (us) => toText(durationQuantity(Math.round(us))));

const countRow = (label: string, was: number, is: number): RequestRow =>
  row(label, [was, is], (count) => formatNumber(count >= 10 ? Math.round(count) : Math.round(count * 10) / 10));

function shareRow(label: string, was: number, is: number): RequestRow {
  return { ...row(label, [was, is], formatShare), isAlike: Math.abs(is - was) < ALIKE_ERRORS };
}

function row(label: string, [was, is]: [number, number], text: (value: number) => string): RequestRow {
  const ratio = was > 0 ? is / was : null;
  const isAlike = was === is || (ratio !== null && ratio > 1 - ALIKE && ratio < 1 + ALIKE);
  return { label, before: text(was), after: text(is), ratio, isAlike };
}

/** Work that goes on after the answer counts in the quantiles, and not in the mean: a reader would take one for wrong. */
const APART_SHARE = 0.05;

function meanLabel(sides: Pick<CompareReply, "before" | "after">, isGroups: boolean): string {
  const goesOn = ({ quantiles: { meanUs }, perRequest: { durationUs } }: ComparedSide) =>
    meanUs - durationUs > APART_SHARE * meanUs;
  if (!goesOn(sides.before) && !goesOn(sides.after)) return isGroups ? "Mean" : "Duration";
  return isGroups ? "Mean until answered" : "Answered after";
}
