import * as z from "zod/mini";

/** How careful a start must be; `high` also for a runbook whose front matter could not be read. */
export const RISKS = ["low", "medium", "high"] as const;

const DAY_MS = 86_400_000;
const UNITS_MS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
  month: 30 * DAY_MS,
  y: 365 * DAY_MS,
};
const UNIT_NAMES: Record<string, string> = {
  sec: "s",
  second: "s",
  minute: "min",
  mins: "min",
  hour: "h",
  day: "d",
  week: "w",
  mo: "month",
  year: "y",
};

/** `90d`, `6 months`, `2 h`: milliseconds; undefined for anything else. A month has 30 days. */
export function parseDurationMs(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const name = unit.toLowerCase();
  const singular = name.length > 1 ? name.replace(/s$/, "") : name;
  const unitMs = UNITS_MS[name] ?? UNITS_MS[singular] ?? UNITS_MS[UNIT_NAMES[singular] ?? ""];
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}

const durationMs = z.pipe(
  z
    .string()
    .check(z.refine((text) => parseDurationMs(text) !== undefined, "write a duration, such as 90d or 6 months")),
  z.transform((text) => parseDurationMs(text) ?? 0),
);
const dayMs = z.pipe(
  z.string().check(z.refine((text) => toDayMs(text) !== undefined, "write a date, such as 2026-11-24")),
  z.transform((text) => toDayMs(text) ?? 0),
);

function toDayMs(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return Number.isNaN(atMs) || Number(month) > 12 || Number(day) > 31 ? undefined : atMs;
}

const alertName = z.string().check(z.trim(), z.minLength(1), z.maxLength(100));
const alert = z.union([
  z.pipe(
    alertName,
    z.transform((name) => ({ name, match: {} as Record<string, string> })),
  ),
  z.strictObject({ name: alertName, match: z._default(z.record(z.string(), z.string().check(z.maxLength(300))), {}) }),
]);

/** Fields of front matter beside those that describe: what a runbook asks of whoever starts it and looks after it. */
export const careFields = {
  /** In place of the id made of the path. */
  id: z
    .string()
    .check(
      z.regex(/^[a-z0-9][a-z0-9/-]{0,99}$/, "use small letters, digits, - and /, starting with a letter or digit"),
    ),
  alerts: z.union([
    z.pipe(
      alert,
      z.transform((one) => [one]),
    ),
    z.array(alert).check(z.maxLength(50)),
  ]),
  review_in: durationMs,
  reviewed: dayMs,
  order: z.enum(["free", "strict"]),
  concurrency: z.enum(["many", "one"]),
  risk: z.enum(RISKS),
  expected: durationMs,
  drill: z.strictObject({
    every: durationMs,
    environment: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(100))),
  }),
} as const;

/** Other tools' names of our fields. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = { owner_slack: "owner", last_reviewed_on: "reviewed" };

/** What a reader is told of a value that is not what its field takes. */
export function tellFieldIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "is not valid";
  if (issue.code === "invalid_value") return `use one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_big") return `is longer than ${issue.maximum}`;
  if (issue.code === "too_small") return "is empty";
  if (issue.code === "unrecognized_keys") return `there is no ${issue.keys.join(", ")}`;
  if (issue.code === "invalid_union") return "write a word, or a list of words";
  if (issue.code === "custom" || issue.code === "invalid_format") return issue.message;
  if (issue.code === "invalid_type") {
    const field = issue.path.join(".");
    return `${field === "" ? "" : `${field} `}must be ${issue.expected === "string" ? "a text" : `of kind ${issue.expected}`}`;
  }
  return issue.message;
}
