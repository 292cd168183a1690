import * as z from "zod/mini";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const clockSchema = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day like 22:00"));

function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * When it may run, by the clocks of a place. `to` at or before `from` is on the next day, so 22:00 to 06:00 belongs to the
 * day it begins on and 00:00 to 00:00 is the whole day.
 */
export const timeWindowSchema = z.strictObject({
  days: z.array(z.enum(WEEKDAYS)).check(z.minLength(1, "must name a day"), z.maxLength(7)),
  from: clockSchema,
  to: clockSchema,
  timeZone: z.string().check(z.maxLength(60), z.refine(isTimeZone, "must be a time zone like Europe/Berlin")),
});
export type TimeWindow = z.output<typeof timeWindowSchema>;

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
/** A change of clocks may put the next opening a little past a week. */
const HORIZON_MS = 9 * DAY_MINUTES * MINUTE_MS;

/**
 * Whether any window is open, by what the clocks of its place show: an hour that clocks skip is in no window, one that
 * they show twice is in it twice. Without windows it is always open.
 */
export function isOpenAt(windows: readonly TimeWindow[], atMs: number): boolean {
  return windows.length === 0 || windows.some((window) => isIn(window, wallMinute(window.timeZone, atMs)));
}

/** The next moment at which `isOpenAt` turns over; `undefined` when it does not within nine days. */
export function nextChange(windows: readonly TimeWindow[], afterMs: number): number | undefined {
  const isOpen = isOpenAt(windows, afterMs);
  const endMs = afterMs + HORIZON_MS;
  let atMs = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS;
  while (atMs < endMs && windows.length > 0) {
    atMs = Math.min(...windows.map((window) => nextEdge(window, atMs)));
    if (isOpenAt(windows, atMs) !== isOpen) return atMs;
  }
  return undefined;
}

/** When `workMs` of open time have passed since `fromMs`; not beyond `capMs`. */
export function afterOpenTime(
  windows: readonly TimeWindow[],
  { fromMs, workMs, capMs }: { fromMs: number; workMs: number; capMs: number },
): number {
  let atMs = fromMs;
  let leftMs = workMs;
  while (atMs < capMs) {
    const changeMs = Math.min(capMs, nextChange(windows, atMs) ?? Number.POSITIVE_INFINITY);
    if (isOpenAt(windows, atMs)) {
      if (leftMs <= changeMs - atMs) return atMs + leftMs;
      leftMs -= changeMs - atMs;
    }
    atMs = changeMs;
  }
  return capMs;
}

/** The share of a week in which it is open; 1 without windows. Changes of clocks left out. */
export function openShare(windows: readonly TimeWindow[]): number {
  if (windows.length === 0) return 1;
  // Zones differ by their offset now and then; a share needs no more than one week of one of them.
  let open = 0;
  for (let minute = 0; minute < WEEK_MINUTES; minute += 1)
    if (windows.some((window) => isIn(window, minute))) open += 1;
  return open / WEEK_MINUTES;
}

/** `mon–fri 22:00–06:00 Europe/Berlin`, as people would write it. */
export function windowText({ days, from, to, timeZone }: TimeWindow): string {
  const chosen = WEEKDAYS.filter((day) => days.includes(day));
  const first = WEEKDAYS.indexOf(chosen[0] ?? "mon");
  const isRun = chosen.length > 2 && chosen.every((day, at) => WEEKDAYS[first + at] === day);
  const dayText =
    chosen.length === 7 ? "daily" : isRun ? `${chosen[0]}–${chosen[chosen.length - 1]}` : chosen.join(", ");
  return `${dayText} ${from}–${to} ${timeZone}`;
}

/** The earliest moment after `atMs` at which this window may turn over, or a quarter of an hour in which clocks change. */
function nextEdge(window: TimeWindow, atMs: number): number {
  const wall = wallMinute(window.timeZone, atMs);
  const minutes = Math.min(...edgesOf(window).map((edge) => modulo(edge - wall - 1, WEEK_MINUTES) + 1));
  const edgeMs = atMs + minutes * MINUTE_MS;
  const isSteady = wallMinute(window.timeZone, edgeMs) === (wall + minutes) % WEEK_MINUTES;
  // Clocks change on a quarter of an hour everywhere; between two quarters wall time runs as real time does.
  return isSteady ? edgeMs : Math.min(edgeMs, Math.floor(atMs / QUARTER_MS) * QUARTER_MS + QUARTER_MS);
}

function isIn(window: TimeWindow, wall: number): boolean {
  const length = lengthOf(window);
  return startsOf(window).some((start) => modulo(wall - start, WEEK_MINUTES) < length);
}

function edgesOf(window: TimeWindow): number[] {
  const length = lengthOf(window);
  return startsOf(window).flatMap((start) => [start, (start + length) % WEEK_MINUTES]);
}

function startsOf({ days, from }: TimeWindow): number[] {
  return days.map((day) => WEEKDAYS.indexOf(day) * DAY_MINUTES + minuteOf(from));
}

function lengthOf({ from, to }: TimeWindow): number {
  return modulo(minuteOf(to) - minuteOf(from) - 1, DAY_MINUTES) + 1;
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const modulo = (value: number, by: number): number => ((value % by) + by) % by;

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const options = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone, ...options });
  formats.set(timeZone, made);
  return made;
}

/** Minutes since Monday 00:00, as clocks there show it. */
function wallMinute(timeZone: string, atMs: number): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const day = (WEEKDAYS as readonly string[]).indexOf(parts.weekday?.toLowerCase() ?? "");
  return day * DAY_MINUTES + Number(parts.hour) * 60 + Number(parts.minute);
}
