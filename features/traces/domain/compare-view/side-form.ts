import { parseDurationText, toDurationText } from "../duration-text";
import type { CompareSideQuery, GroupSearch } from "../paths/paths-query-schema";
import { parseSide, toSideText, VERSION_KEY } from "./compare-side";

/** One side as a person fills it in. Times are local, as the browser's field has them. */
export type SideForm = {
  kind: "group" | "trace";
  traceId: string;
  service: string;
  operation: string;
  version: string;
  attributes: string;
  from: string;
  to: string;
  minDuration: string;
  maxDuration: string;
};

const EMPTY: SideForm = {
  kind: "group",
  traceId: "",
  service: "",
  operation: "",
  version: "",
  attributes: "",
  from: "",
  to: "",
  minDuration: "",
  maxDuration: "",
};

export function toSideForm(side: CompareSideQuery | undefined): SideForm {
  if (side === undefined) return EMPTY;
  if (side.kind === "trace") return { ...EMPTY, kind: "trace", traceId: side.traceId };
  const { service = "", operation = "", attributes = {}, start, end, minDurationUs, maxDurationUs } = side.search;
  const { [VERSION_KEY]: version = "", ...others } = attributes;
  return {
    ...EMPTY,
    service,
    operation,
    version,
    attributes: Object.entries(others)
      .map(([key, value]) => `${key}=${value}`)
      .join(", "),
    from: start === undefined ? "" : toLocalText(start),
    to: end === undefined ? "" : toLocalText(end),
    minDuration: minDurationUs === undefined ? "" : toDurationText(minDurationUs),
    maxDuration: maxDurationUs === undefined ? "" : toDurationText(maxDurationUs),
  };
}

type Parsed = { side: CompareSideQuery | undefined; problems: Partial<Record<keyof SideForm, string>> };

/** The side a form means, or what to put right in it. */
export function parseSideForm(form: SideForm): Parsed {
  if (form.kind === "trace") {
    const side = parseSide(form.traceId.trim());
    if (side?.kind === "trace") return { side, problems: {} };
    return { side: undefined, problems: { traceId: "This is no trace id." } };
  }
  const problems: Parsed["problems"] = {};
  const search: GroupSearch = {
    ...readNames(form, problems),
    ...readTimes(form, problems),
    ...readDurations(form, problems),
  };
  if (Object.keys(problems).length > 0) return { side: undefined, problems };
  const side = parseSide(toSideText({ kind: "group", search }));
  if (side !== undefined) return { side, problems };
  const isBackward = search.start !== undefined && search.end !== undefined && search.start >= search.end;
  return {
    side,
    problems: isBackward ? { to: "This is before “From”." } : { maxDuration: "This is less than “At least”." },
  };
}

function readNames(form: SideForm, problems: Parsed["problems"]): GroupSearch {
  const [service, operation, version] = [form.service.trim(), form.operation.trim(), form.version.trim()];
  if (service === "") problems.service = "Name a service.";
  const attributes = parseAttributes(form.attributes);
  if (attributes === undefined) problems.attributes = "Write key=value, separated by commas.";
  const all = { ...attributes, ...(version === "" ? {} : { [VERSION_KEY]: version }) };
  return {
    service,
    ...(operation === "" ? {} : { operation }),
    ...(Object.keys(all).length === 0 ? {} : { attributes: all }),
  };
}

function readTimes(form: SideForm, problems: Parsed["problems"]): GroupSearch {
  const search: GroupSearch = {};
  for (const [field, key] of [
    ["from", "start"],
    ["to", "end"],
  ] as const) {
    if (form[field] === "") continue;
    const ms = Date.parse(form[field]);
    if (Number.isNaN(ms)) problems[field] = "This is no date and time.";
    else search[key] = ms;
  }
  return search;
}

function readDurations(form: SideForm, problems: Parsed["problems"]): GroupSearch {
  const search: GroupSearch = {};
  for (const [field, key] of [
    ["minDuration", "minDurationUs"],
    ["maxDuration", "maxDurationUs"],
  ] as const) {
    if (form[field].trim() === "") continue;
    const us = parseDurationText(form[field]);
    if (us === undefined) problems[field] = "Write a duration: 300ms, 1.5s.";
    else search[key] = us;
  }
  return search;
}

function parseAttributes(text: string): Record<string, string> | undefined {
  const attributes: Record<string, string> = {};
  for (const pair of text.split(",")) {
    if (pair.trim() === "") continue;
    const at = pair.indexOf("=");
    const key = pair.slice(0, at).trim();
    if (at < 1 || key === "") return undefined;
    attributes[key] = pair.slice(at + 1).trim();
  }
  return attributes;
}

/** "2026-11-19T14:32:05" in the reader's zone. */
function toLocalText(ms: number): string {
  const at = new Date(ms);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}
