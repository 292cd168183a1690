import { z } from "zod";
import type { OpenTrace } from "../open-trace";
import { pieceOf, pieceOfSpan, rowsInText } from "./trace-pieces";

const placeSchema = z.object({ processID: z.string() });

/**
 * The spans of one trace out of a document in Jaeger's older JSON, each as it came, with their processes. Undefined where
 * spans of several entries call different processes by one name.
 */
export function keepJaeger(trace: OpenTrace): Uint8Array | undefined {
  const { text } = trace;
  const rows = rowsInText(trace);
  const names = new Map<number, string>();
  for (const row of rows) {
    const group = text.group[row] ?? -1;
    if (group === -1 || names.has(group)) continue;
    const name = processOf(pieceOfSpan(trace, row));
    if (name === undefined || [...names.values()].includes(name)) return undefined;
    names.set(group, name);
  }
  const spans = [...rows].flatMap((row, at) => [...(at === 0 ? [] : [","]), pieceOfSpan(trace, row)]);
  const processes = [...names].flatMap(([group, name], at) => {
    const process = pieceOf(trace, text.groupRanges, group) ?? "{}";
    return [`${at === 0 ? "" : ","}${JSON.stringify(name)}:`, process];
  });
  const parts = [
    `{"data":[{"traceID":"${trace.ownTraceId}","spans":[`,
    ...spans,
    '],"processes":{',
    ...processes,
    '},"warnings":null}],"total":0,"limit":0,"offset":0,"errors":null}',
  ];
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

function processOf(span: Buffer): string | undefined {
  try {
    return placeSchema.safeParse(JSON.parse(span.toString("utf8"))).data?.processID;
  } catch {
    // A span that cannot be read names no process.
    return undefined;
  }
}
