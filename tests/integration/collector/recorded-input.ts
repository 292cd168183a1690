import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

type Summary = {
  traceId: string;
  rootServiceName: string;
  rootOperationName: string;
  minStartTimeUnixNano: string;
  maxEndTimeUnixNano: string;
  services: { name: string; spanCount: number; errorSpanCount?: number }[];
};
type Request = { resourceSpans: object[] };

/**
 * The OTLP requests a recording's answers came from: three traces are recorded in full and sent as they are; the others are
 * rebuilt from their summaries, with the recorded services, counts, times and root. The operation lists and the search by
 * duration still have to come out as recorded, so only the root lasts as long as its trace, and every span bears an
 * operation its service is known for.
 */
export function recordedInput(dir: string): Request[] {
  const read = (name: string) => JSON.parse(fs.readFileSync(path.join(dir, `${name}.body`), "utf8"));
  const whole = [read("v3-trace").result.resourceSpans, read("v3-traces-two").result.resourceSpans].flat() as object[];
  const known = new Set(JSON.stringify(whole).match(/(?<="traceId":")[0-9a-f]{32}/g));
  const rest = (read("v3-summaries-all").summaries as Summary[]).filter(({ traceId }) => !known.has(traceId));
  const operations = operationsOf(whole);
  return [{ resourceSpans: whole }, ...rest.map((summary) => rebuild(summary, operations))];
}

/** One internal operation per service, from the traces known in full. */
function operationsOf(whole: object[]): Map<string, string> {
  const operations = new Map<string, string>();
  for (const each of whole as {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeSpans: { spans: { name: string; kind: number }[] }[];
  }[]) {
    const service = each.resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
    const span = each.scopeSpans[0]?.spans.find(({ kind }) => kind === 1);
    if (span !== undefined) operations.set(service, span.name);
  }
  return operations;
}

function rebuild(summary: Summary, operations: Map<string, string>): Request {
  const rootId = spanId(summary.traceId, "root");
  const root = {
    traceId: summary.traceId,
    spanId: rootId,
    name: summary.rootOperationName,
    kind: 2,
    startTimeUnixNano: summary.minStartTimeUnixNano,
    endTimeUnixNano: summary.maxEndTimeUnixNano,
  };
  const resourceSpans = summary.services.map(({ name, spanCount, errorSpanCount = 0 }) => {
    const ownRoot = name === summary.rootServiceName ? [root] : [];
    const children = Array.from({ length: spanCount - ownRoot.length }, (_, index) => ({
      ...root,
      spanId: spanId(summary.traceId, `${name} ${index}`),
      parentSpanId: rootId,
      name: operations.get(name) ?? summary.rootOperationName,
      kind: 1,
      endTimeUnixNano: (BigInt(summary.minStartTimeUnixNano) + 1000n).toString(),
      ...(index < errorSpanCount ? { status: { code: 2, message: "boom" } } : {}),
    }));
    return {
      resource: { attributes: [{ key: "service.name", value: { stringValue: name } }] },
      scopeSpans: [{ scope: { name: "gen" }, spans: [...ownRoot, ...children] }],
    };
  });
  return { resourceSpans };
}

function spanId(...parts: string[]): string {
  return createHash("sha256").update(parts.join("/")).digest("hex").slice(0, 16);
}
