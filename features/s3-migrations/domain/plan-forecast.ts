import * as z from "zod/mini";
import type { PlanFacts } from "./plan-facts";
import type { MigrationOptions } from "./plan-spec";
import { proofSentence, readBackOf } from "./proof-plan";
import { amountText } from "./time-window-text";
import { openShare } from "./time-windows";

const rangeSchema = z.object({ quick: z.number(), slow: z.number() });
export type Range = z.output<typeof rangeSchema>;

/** How long it may take, and what that is known from. `sentence` says it to people; `none` says what would tell. */
export const durationSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none"), sentence: z.string() }),
  z.object({
    kind: z.enum(["rehearsal", "earlier"]),
    copySeconds: rangeSchema,
    /** Until every object is proven, after the copy; `null` where nothing tells. */
    verifySeconds: z.nullable(rangeSchema),
    sentence: z.string(),
  }),
]);
export type PlanDuration = z.output<typeof durationSchema>;

/** What was measured, by one worker or by those that worked then. */
export type MeasuredPace = {
  kind: "rehearsal" | "earlier";
  objectsPerSecond: Range;
  /** `null` when nothing large was seen: then bytes do not decide. */
  bytesPerSecond: Range | null;
  /** HEAD requests. */
  verifiesPerSecond: Range | null;
  sentence: string;
};

type Load = { objects: number; bytes: number };

/**
 * Seconds for a load at a pace: whichever of requests and bytes takes longer, capped by the plan's own limit. The quick
 * end is by the quickest measured, the slow end by the slowest.
 */
export function durationOf(
  load: Load,
  pace: MeasuredPace | undefined,
  { limits, verify, verifySample }: Pick<MigrationOptions, "limits" | "verify" | "verifySample">,
): PlanDuration {
  if (pace === undefined) {
    return { kind: "none", sentence: "Nothing has been measured: a dry run rehearses with a few objects." };
  }
  const { objectsPerSecond, requestsPerSecond, bytesPerSecond, windows } = limits;
  const share = openShare(windows);
  // A copy is one request to the destination at best, and one more to look there or to read a source bucket.
  const byRequests = {
    quick: requestsPerSecond,
    slow: requestsPerSecond === undefined ? undefined : requestsPerSecond / 2,
  };
  const limitOf = (end: keyof Range) =>
    Math.min(objectsPerSecond ?? Number.POSITIVE_INFINITY, byRequests[end] ?? Number.POSITIVE_INFINITY);
  const limit = limitOf("quick");
  const bytesPace = (end: keyof Range) =>
    Math.min(bytesPerSecond ?? Number.POSITIVE_INFINITY, pace.bytesPerSecond?.[end] ?? Number.POSITIVE_INFINITY);
  const copy = (end: keyof Range) =>
    Math.max(load.objects / Math.min(limitOf(end), pace.objectsPerSecond[end]), load.bytes / bytesPace(end)) / share;
  const { verifiesPerSecond } = pace;
  const read = readBackOf(load, { verify, verifySample });
  const part = load.objects === 0 ? 0 : read.objects / load.objects;
  // To read an object back takes about what copying it took; of the others only the head is asked.
  const prove = (end: keyof Range) => {
    const asked = load.objects - read.objects;
    return copy(end) * part + (asked === 0 ? 0 : asked / Math.min(limit, verifiesPerSecond?.[end] ?? 1) / share);
  };
  const verifySeconds =
    verifiesPerSecond === null && verify !== "read_back" ? null : { quick: prove("quick"), slow: prove("slow") };
  const byObjects = limit < pace.objectsPerSecond.slow ? ` The plan's limit of ${limit} objects/s decides.` : "";
  const byBytes =
    bytesPerSecond !== undefined &&
    load.bytes / bytesPerSecond > load.objects / Math.min(limit, pace.objectsPerSecond.slow)
      ? ` The plan's limit of ${amountText(bytesPerSecond)} bytes/s decides.`
      : "";
  const byWindows = share < 1 ? ` Its windows are open ${Math.round(share * 100)} % of the week.` : "";
  const limited = `${byBytes === "" ? byObjects : byBytes}${byWindows}`;
  return {
    kind: pace.kind,
    copySeconds: { quick: copy("quick"), slow: copy("slow") },
    verifySeconds,
    sentence: `${pace.sentence}${limited}`,
  };
}

export const priceSchema = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  /** Ends of the endpoint's host; Amazon's own when a plan names none. */
  hosts: z.array(z.string()),
  /** Absent = everywhere. */
  regions: z.optional(z.array(z.string())),
  usdPerMillionWrites: z.number().check(z.minimum(0)),
  usdPerMillionReads: z.number().check(z.minimum(0)),
  usdPerGbMonth: z.number().check(z.minimum(0)),
});
export const priceTableSchema = z.object({
  /** The day the prices were looked up; shown beside every sum. */
  asOf: z.iso.date(),
  note: z.string(),
  prices: z.array(priceSchema),
});
export type PriceTable = z.output<typeof priceTableSchema>;

export const costSchema = z.object({
  /** `null`: no price is known for this server; the requests are still counted. */
  price: z.nullable(z.object({ name: z.string(), asOf: z.string(), note: z.string() })),
  lines: z.array(z.object({ what: z.string(), requests: z.number(), usd: z.nullable(z.number()) })),
  onceUsd: z.nullable(z.number()),
  storageUsdPerMonth: z.nullable(z.number()),
  sentence: z.string(),
  /** How surely each object will be known, and how much has to come back for that. */
  proof: z.string(),
});
export type PlanCost = z.output<typeof costSchema>;

type Place = { host: string; region: string };

/** Requests the destination will count, and what they cost by a table; retries and what the source asks are left out. */
export function costOf(
  { counts, histogram }: Pick<PlanFacts, "counts" | "histogram">,
  options: Pick<MigrationOptions, "verify" | "verifySample" | "partSizeBytes" | "multipartThresholdBytes">,
  { table, place, looksFirst }: { table: PriceTable; place: Place; looksFirst: boolean },
): PlanCost {
  const { objects, bytes } = counts.toCopy;
  const readBack = readBackOf(counts.toCopy, options);
  const large = histogram.filter(({ objects: n, bytes: sum }) => n > 0 && sum / n > options.multipartThresholdBytes);
  const largeObjects = large.reduce((sum, share) => sum + share.objects, 0);
  const parts = Math.ceil(large.reduce((sum, share) => sum + share.bytes, 0) / options.partSizeBytes);
  const price = table.prices.find((candidate) => fits(candidate, place));
  const usd = (requests: number, perMillion: number | undefined) =>
    perMillion === undefined ? null : (requests * perMillion) / 1e6;
  const writes = (what: string, requests: number) => ({
    what,
    requests,
    usd: usd(requests, price?.usdPerMillionWrites),
  });
  const reads = (what: string, requests: number) => ({ what, requests, usd: usd(requests, price?.usdPerMillionReads) });
  const lines = [
    writes("PUT, one for each small object", objects - largeObjects),
    ...(largeObjects === 0
      ? []
      : [writes("Parts, and the beginning and end of each upload", parts + 2 * largeObjects)]),
    ...(looksFirst ? [reads("HEAD before each write", objects)] : []),
    reads("HEAD, the proof of each", objects),
    ...(readBack.objects === 0
      ? []
      : [reads(`GET, ${options.verify === "sample" ? "a sample" : "everything"} read back`, readBack.objects)]),
  ];
  return {
    price: price === undefined ? null : { name: price.name, asOf: table.asOf, note: table.note },
    lines,
    onceUsd: price === undefined ? null : lines.reduce((sum, line) => sum + (line.usd ?? 0), 0),
    storageUsdPerMonth: price === undefined ? null : (bytes / 1e9) * price.usdPerGbMonth,
    proof: proofSentence(counts.toCopy, options),
    sentence:
      price === undefined
        ? `No price is known for ${place.host}${place.region === "" ? "" : ` in ${place.region}`}; OPS_S3_PRICES may name a file with yours.`
        : `List price of ${price.name} as of ${table.asOf}. Retries, the source's requests and traffic out of it are not in it.`,
  };
}

function fits({ hosts, regions }: PriceTable["prices"][number], { host, region }: Place): boolean {
  const isHost = hosts.some((end) => host === end || host.endsWith(`.${end}`));
  return isHost && (regions === undefined || regions.includes(region));
}
