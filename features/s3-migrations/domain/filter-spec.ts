import * as z from "zod/mini";

const MAX_GLOB = 500;
const MAX_BYTES = 5 * 1024 ** 4;

/**
 * Why a text is no pattern we take. picomatch makes a regular expression of it, and one with many stars in a segment
 * takes seconds on a long key that almost fits; two in a segment and two `**` take microseconds.
 */
export function globProblem(glob: string): string | undefined {
  if (/[!@+?*]\(/.test(glob) || glob.startsWith("!")) return "must hold no !, @( or +( : write another pattern instead";
  const segments = glob.split("/");
  if (segments.filter((segment) => segment === "**").length > 2) return "must hold ** at most twice";
  for (const segment of segments) {
    if (segment === "**") continue;
    if (segment.includes("**")) return "must hold ** only as a whole segment, between slashes";
    if (segment.split("*").length > 3) return "must hold * at most twice between two slashes";
  }
  return undefined;
}

const globs = z._default(
  z
    .array(
      z.string().check(z.minLength(1), z.maxLength(MAX_GLOB), (context) => {
        const problem = globProblem(context.value);
        if (problem !== undefined) context.issues.push({ code: "custom", message: problem, input: context.value });
      }),
    )
    .check(z.maxLength(50)),
  [],
);
const bytes = z.optional(z.int().check(z.minimum(0), z.maximum(MAX_BYTES)));

/** Which objects of the source are meant; all others are listed as left out, with the reason. Patterns meet the source key. */
export const filtersSchema = z.strictObject({
  /** Empty = every key. */
  include: globs,
  /** Wins over `include`. */
  exclude: globs,
  minBytes: bytes,
  maxBytes: bytes,
  /** Inclusive. */
  modifiedAfter: z.optional(z.iso.datetime({ offset: true })),
  /** Exclusive. */
  modifiedBefore: z.optional(z.iso.datetime({ offset: true })),
});
export type ObjectFilters = z.output<typeof filtersSchema>;
