import * as z from "zod/mini";

/* Fields that several requests share. Times in requests are epoch milliseconds, durations microseconds. */

export const epochMs = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(8.64e15));
export const durationUs = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
/** As long as the longest name a span may have in the collector. */
export const searchText = z.string().check(z.trim(), z.minLength(1), z.maxLength(4096));

/** `{"http.route":"/users/:id"}` as a JSON string, or empty. */
export const attributesParam = z.pipe(
  z.string(),
  z.transform((value, context) => {
    const parsed = z
      .record(z.string().check(z.minLength(1), z.maxLength(200)), z.string().check(z.maxLength(2000)))
      .safeParse(parseJson(value));
    if (parsed.success && Object.keys(parsed.data).length <= 20) return parsed.data;
    context.issues.push({
      code: "custom",
      input: value,
      message: 'is a JSON object of up to 20 strings, like {"http.route":"/about"}',
    });
    return z.NEVER;
  }),
);

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
