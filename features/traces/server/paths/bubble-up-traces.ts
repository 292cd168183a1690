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

type Call = { nowMs: number; signal?: AbortSignal | undefined };
type Side = { seenCount: number; picked: TraceSummary[] };
type SeenSelection = { inside: Side; outside: Side; isWhole: boolean };
type BubbleUpPorts = Pick<SamplePorts, "source" | "reader"> & {
  /** Both sides out of all traces of the window; undefined where only the source can tell. */
  seeSelection?: (
    body: BubbleUpBody,
    options: { most: number; signal?: AbortSignal | undefined },
  ) => Promise<SeenSelection | undefined>;
};

/** What sets the selected traces of a search apart from its other traces; up to 100 of each are read. */
export async function bubbleUpTraces(ports: BubbleUpPorts, body: BubbleUpBody, call: Call): Promise<BubbleUpReply> {
  const all = await ports.seeSelection?.(body, { most: MAX_SAMPLE, signal: call.signal });
  const { inside, outside, isWhole } = all ?? (await askSelection(ports, body, call));
  const selected = await readFeatures(ports, inside.picked, call.signal);
  const baseline = await readFeatures(ports, outside.picked, call.signal);
  return {
    ...bubbleUp({ selected: selected.features, baseline: baseline.features }),
    selected: { seenCount: inside.seenCount, ...selected.outcome },
    baseline: { seenCount: outside.seenCount, ...baseline.outcome },
    isWholeSearch: isWhole,
    seed: body.seed,
  };
}

/** Both sides out of what the source gives at once. */
async function askSelection(
  { source }: Pick<SamplePorts, "source">,
  { search, selection, seed }: BubbleUpBody,
  call: Call,
): Promise<SeenSelection> {
  const { summaries, isWhole } = await inField("search", seeTraces(source, search, call));
  const isSelected = selectedBy(selection);
  const sideOf = (traces: readonly TraceSummary[]) => ({
    seenCount: traces.length,
    picked: pickByChance(traces, MAX_SAMPLE, seed),
  });
  return {
    inside: sideOf(summaries.filter(isSelected)),
    outside: sideOf(summaries.filter((summary) => !isSelected(summary))),
    isWhole,
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
