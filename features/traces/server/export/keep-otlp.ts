import type { OpenTrace } from "../open-trace";
import { pieceOf, pieceOfSpan, rowsInText } from "./trace-pieces";

/** The spans of one trace out of an OTLP document, each as it came, under their resources and scopes. */
export function keepOtlp(trace: OpenTrace): Uint8Array {
  const { text } = trace;
  const { group, scope, groupRanges, scopeRanges } = text;
  const resources = runsOf(rowsInText(trace), group).map((ofGroup) => {
    const scopes = runsOf(ofGroup, scope).map((ofScope) => [
      ...named("scope", pieceOf(trace, scopeRanges, scope[ofScope[0] ?? 0] ?? -1)),
      '"spans":[',
      ...joined([...ofScope].map((row) => [pieceOfSpan(trace, row)])),
      "]}",
    ]);
    const resource = pieceOf(trace, groupRanges, group[ofGroup[0] ?? 0] ?? -1);
    return [...named("resource", resource), '"scopeSpans":[', ...joined(scopes), "]}"];
  });
  const parts = ['{"resourceSpans":[', ...joined(resources), "]}"];
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

type Part = string | Buffer;

const named = (key: string, piece: Buffer | undefined): Part[] =>
  piece === undefined ? ["{"] : [`{"${key}":`, piece, ","];

const joined = (items: Part[][]): Part[] => items.flatMap((item, at) => (at === 0 ? item : [",", ...item]));

/** Neighbouring rows with the same value. */
function runsOf(rows: Uint32Array, value: Int32Array): Uint32Array[] {
  const runs: Uint32Array[] = [];
  let from = 0;
  for (let at = 1; at <= rows.length; at += 1) {
    if (at < rows.length && value[rows[at] ?? 0] === value[rows[from] ?? 0]) continue;
    if (at > from) runs.push(rows.subarray(from, at));
    from = at;
  }
  return runs;
}
