import { z } from "zod";

/* Fields that several requests share. Times in requests are epoch milliseconds, durations microseconds. */

export const epochMs = z.coerce.number().int().min(0).max(8.64e15);
export const durationUs = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const searchText = z.string().trim().min(1).max(500);

/** `{"http.route":"/users/:id"}` as a JSON string, or empty. */
export const attributesParam = z.string().transform((value, context) => {
  const parsed = z.record(z.string().min(1).max(200), z.string().max(2000)).safeParse(parseJson(value));
  if (parsed.success && Object.keys(parsed.data).length <= 20) return parsed.data;
  context.addIssue({ code: "custom", message: 'is a JSON object of up to 20 strings, like {"http.route":"/about"}' });
  return z.NEVER;
});

/** What `refine` takes: the check, then where and how it is refused. */
type Refinement<T> = [isFine: (value: T) => boolean, refusal: { path: string[]; message: string }];

type Window = { start?: number | undefined; end?: number | undefined };

/** Refuses a window whose end is not after its start. */
export const windowIsForward: Refinement<Window> = [
  ({ start, end }) => start === undefined || end === undefined || start < end,
  { path: ["end"], message: "must be after start" },
];

type Durations = { minDurationUs?: number | undefined; maxDurationUs?: number | undefined };

/** Refuses bounds that leave nothing between them. */
export const durationsAreOrdered: Refinement<Durations> = [
  ({ minDurationUs, maxDurationUs }) =>
    minDurationUs === undefined || maxDurationUs === undefined || minDurationUs <= maxDurationUs,
  { path: ["maxDurationUs"], message: "must not be below minDurationUs" },
];

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
