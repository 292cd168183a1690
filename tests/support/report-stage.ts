import { gzipSync } from "node:zlib";
import { POST as complete } from "@/app/api/v1/migrations/[ref]/complete/route";
import { POST as heartbeat } from "@/app/api/v1/migrations/[ref]/heartbeat/route";
import { PUT } from "@/app/api/v1/migrations/[ref]/route";
import { POST as batches } from "@/app/api/v1/migrations/[ref]/streams/[stream]/batches/route";
import { GET as stream } from "@/app/api/v1/migrations/[ref]/streams/[stream]/route";
import { POST as open } from "@/app/api/v1/migrations/[ref]/streams/route";
import { OBJECT_STATES } from "@/features/s3-migrations/domain/states";
import { createReportToken } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Sent = {
  method?: string;
  token?: string | undefined;
  json?: unknown;
  raw?: BodyInit;
  headers?: Record<string, string>;
};

/** Any member of any answer: tests look at what a client of another language would see. */
// biome-ignore lint/suspicious/noExplicitAny: a client knows no types of ours
export type Answer = { status: number; headers: Headers; body: any };

async function send(handler: Handler, path: string, params: Record<string, string>, sent: Sent): Promise<Answer> {
  const { method = "POST", token, json, raw, headers = {} } = sent;
  const body = raw ?? (json === undefined ? null : JSON.stringify(json));
  const request = new Request(`http://127.0.0.1:3000/api/v1/migrations/${path}`, {
    method,
    body,
    headers: {
      host: "127.0.0.1:3000",
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The reporter API as a job sees it, through the same guards as over the wire. */
export const reporter = {
  put: (ref: string, sent: Sent) => send(PUT as Handler, ref, { ref }, { method: "PUT", json: {}, ...sent }),
  open: (ref: string, sent: Sent) => send(open as Handler, `${ref}/streams`, { ref }, { json: {}, ...sent }),
  stream: (ref: string, id: string, sent: Sent) =>
    send(stream as Handler, `${ref}/streams/${id}`, { ref, stream: id }, { method: "GET", ...sent }),
  batch: (ref: string, id: string, sent: Sent) =>
    send(batches as Handler, `${ref}/streams/${id}/batches`, { ref, stream: id }, sent),
  heartbeat: (ref: string, sent: Sent) => send(heartbeat as Handler, `${ref}/heartbeat`, { ref }, sent),
  complete: (ref: string, sent: Sent) => send(complete as Handler, `${ref}/complete`, { ref }, sent),
};

export const packed = (json: unknown): Sent => ({
  raw: gzipSync(JSON.stringify(json)),
  headers: { "content-encoding": "gzip" },
});

let made = 0;

/** A migration with a token and an open stream. */
export async function openReport({ mayReset = false }: { mayReset?: boolean } = {}) {
  made += 1;
  const ref = `job-${made}`;
  const { token, id: tokenId } = await createReportToken({ externalRef: ref, mayReset }, { name: "ada" });
  const put = await reporter.put(ref, { token });
  const { body: stream } = await reporter.open(ref, { token });
  return {
    ref,
    token,
    tokenId,
    id: put.body.id as string,
    stream: stream.stream as string,
    epoch: stream.epoch as number,
  };
}

/** Sentences for every sum that a recount of the items does not confirm; none is right. */
export async function wrongSums(id: string): Promise<string[]> {
  const no = "(select no from s3_migration where id = $1)";
  const sums = await pool().query<Record<string, number>>(`select * from s3.reported where migration_no = ${no}`, [id]);
  const counted = await pool().query<{ state: number; n: number; bytes: number }>(
    `select state, count(*) as n, sum(size)::bigint as bytes from s3.reported_object where migration_no = ${no}
      group by state`,
    [id],
  );
  const row = sums.rows[0] ?? {};
  const total = (field: "n" | "bytes") => counted.rows.reduce((sum, entry) => sum + entry[field], 0);
  const differing = (name: string, kept: number | undefined, recounted: number) =>
    kept === recounted ? [] : [`${name}: kept ${kept}, counted ${recounted}`];
  return [
    ...OBJECT_STATES.filter((state) => state in row).flatMap((state) =>
      differing(state, row[state], counted.rows.find((entry) => OBJECT_STATES[entry.state] === state)?.n ?? 0),
    ),
    ...differing("objects", row.objects, total("n")),
    ...differing("bytes", row.bytes, total("bytes")),
  ];
}

/** Lets a test report a hundred times a second: the limit is what another test is about. */
export function forgetLimit(): void {
  delete (globalThis as { opsReportLimit?: unknown }).opsReportLimit;
}
