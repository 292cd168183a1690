import type { ActivityEvent, ActivityFilter } from "../contract";
import { toActivityCsv } from "../domain/activity-csv";
import { readActivityEvents } from "./activity-repository";

const TYPES = { csv: "text/csv; charset=utf-8; header=present", jsonl: "application/x-ndjson; charset=utf-8" };
const encoder = new TextEncoder();

/** The whole audit, or what the filter lets through, as a file; read while it is sent, so that its length does not matter. */
export function exportActivity({ format, ...filter }: ActivityFilter & { format: "csv" | "jsonl" }): Response {
  const lines = format === "csv" ? csv(readActivityEvents(filter)) : jsonLines(readActivityEvents(filter));
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => void lines.return(undefined),
  });
  return new Response(body, {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="audit.${format}"`,
      "cache-control": "no-store",
    },
  });
}

async function* csv(batches: AsyncIterable<ActivityEvent[]>): AsyncGenerator<string, void> {
  yield toActivityCsv("header");
  for await (const events of batches) yield events.map(toActivityCsv).join("");
}

async function* jsonLines(batches: AsyncIterable<ActivityEvent[]>): AsyncGenerator<string, void> {
  for await (const events of batches) yield events.map((event) => `${JSON.stringify(event)}\n`).join("");
}
