import type { TraceSummary } from "@/features/traces/contract";
import { bubbleUp } from "@/features/traces/domain/paths/bubble-up";
import type { BubbleUpReply } from "@/features/traces/domain/paths/bubble-up-schema";
import { type BubbleUpBody, MAX_SAMPLE } from "@/features/traces/domain/paths/paths-query-schema";
import { pickByChance } from "@/features/traces/domain/paths/pick-traces";
import {
  computeFeatures,
  rowsToRead,
  SEPARATOR,
  type TraceFeatures,
} from "@/features/traces/domain/paths/trace-features";
import { US_PER_MS } from "@/lib/units";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";
import type { SamplePorts } from "./compare-traces";
import { inField } from "./in-field";
import type { SampleOutcome } from "./sample-reader";
import { seeTraces } from "./see-traces";

/** Spans of a trace whose attributes are read: the first few of each name and the failed ones. */
const SPANS_READ = { perName: 4, max: 200 } as const;
const MAX_ATTRIBUTES = 2_000;
const MAX_VALUE_LENGTH = 200;
const MAX_KEY_LENGTH = 200;

/** What sets the selected traces of a search apart from its other traces; up to 100 of each are read. */
export async function bubbleUpTraces(
  ports: Pick<SamplePorts, "source" | "reader">,
  { search, selection, seed }: BubbleUpBody,
  call: { nowMs: number; signal?: AbortSignal | undefined },
): Promise<BubbleUpReply> {
  const seen = await inField("search", seeTraces(ports.source, search, call));
  const isSelected = selectedBy(selection);
  const inside = seen.summaries.filter(isSelected);
  const outside = seen.summaries.filter((summary) => !isSelected(summary));
  const selected = await readFeatures(ports, pickByChance(inside, MAX_SAMPLE, seed), call.signal);
  const baseline = await readFeatures(ports, pickByChance(outside, MAX_SAMPLE, seed), call.signal);
  return {
    ...bubbleUp({ selected: selected.features, baseline: baseline.features }),
    selected: { seenCount: inside.length, ...selected.outcome },
    baseline: { seenCount: outside.length, ...baseline.outcome },
    isWholeSearch: seen.isWhole,
    seed,
  };
}

function selectedBy(selection: BubbleUpBody["selection"]): (summary: TraceSummary) => boolean {
  if (selection.traceIds !== undefined) {
    const ids = new Set(selection.traceIds.map((id) => id.padStart(32, "0")));
    return ({ traceId }) => ids.has(traceId);
  }
  const { start = 0, end = Number.POSITIVE_INFINITY } = selection;
  const { minDurationUs = 0, maxDurationUs = Number.POSITIVE_INFINITY } = selection;
  return ({ startUs, durationUs }) =>
    startUs >= start * US_PER_MS &&
    startUs <= end * US_PER_MS &&
    durationUs >= minDurationUs &&
    durationUs <= maxDurationUs;
}

async function readFeatures(
  { reader }: Pick<SamplePorts, "reader">,
  picked: readonly TraceSummary[],
  signal: AbortSignal | undefined,
): Promise<{ features: TraceFeatures[]; outcome: SampleOutcome }> {
  const features: TraceFeatures[] = [];
  const outcome = await reader.read(
    picked,
    (open) => {
      features.push(computeFeatures(open.traceId, open.skeleton, attributesOf(open)));
    },
    signal,
  );
  return { features, outcome };
}

/** `key=value` of spans and resources, each once. Lists and maps are compared as JSON; empty values are left out. */
function attributesOf(open: OpenTrace): Set<string> {
  const attributes = new Set<string>();
  for (const row of rowsToRead(open.skeleton, SPANS_READ)) {
    const span = readSpan(open, row);
    for (const { key, value } of [...span.attributes, ...span.resource]) {
      if (attributes.size >= MAX_ATTRIBUTES) return attributes;
      const text = typeof value === "object" ? JSON.stringify(value) : String(value);
      if (value === null || text === "" || text.length > MAX_VALUE_LENGTH || key.length > MAX_KEY_LENGTH) continue;
      attributes.add(`${key}${SEPARATOR}${text}`);
    }
  }
  return attributes;
}
