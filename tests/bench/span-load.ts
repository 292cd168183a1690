import { randomBytes } from "node:crypto";
import { encodeTraces } from "@/features/collector/domain/encode-traces";

export const SPANS_PER_REQUEST = 512;
const SERVICES = ["circuitverse-web", "circuitverse-sidekiq", "yosys-api", "postgres", "redis", "s3"];

type Template = { body: Buffer; ids: number[]; times: number[] };

/**
 * Requests of 512 spans (of traces as large as asked for, 10 attributes each, one service per request as exporters send them), encoded
 * once; each send gets fresh trace ids and times by patching bytes, so that the load costs almost nothing.
 */
export function spanLoad(spansPerTrace: number): { next: () => Buffer } {
  const templates = Array.from({ length: 24 }, (_, index) => template(index, spansPerTrace));
  let count = 0;
  return {
    next: () => {
      const { body, ids, times } = templates[count % templates.length] ?? template(count, spansPerTrace);
      count += 1;
      const copy = Buffer.from(body);
      const salt = randomBytes(8);
      for (const at of ids) salt.copy(copy, at);
      const shift = BigInt(count) * 3_000_000n;
      for (const at of times) copy.writeBigUInt64LE(copy.readBigUInt64LE(at) + shift, at);
      return copy;
    },
  };
}

function template(index: number, spansPerTrace: number): Template {
  const service = SERVICES[index % SERVICES.length] ?? "";
  // Not of long ago when it is sent, as live traffic is not: late spans cost a note of their minute.
  const startNs = BigInt(Date.now() + 60_000) * 1_000_000n;
  const traceIds = Array.from({ length: SPANS_PER_REQUEST / spansPerTrace }, () => randomBytes(16));
  const spanTimes: bigint[] = [];
  const spans = traceIds.flatMap((traceId, trace) =>
    Array.from({ length: spansPerTrace }, (_, at) => {
      const start = startNs + BigInt(trace * 1_000_000 + at * 1000) + (BigInt(index) << 32n);
      const end = start + BigInt(100_000 + at * 977 + (at === 7 ? index * 10_000_000 : 0));
      spanTimes.push(start, end);
      const times = { startTimeUnixNano: start.toString(), endTimeUnixNano: end.toString() };
      const isFailed = at === 31 && trace === 3;
      return {
        traceId: traceId.toString("hex"),
        spanId: randomBytes(8).toString("hex"),
        ...placeOf(at),
        ...times,
        attributes: attributesOf(service, index, trace, at),
        ...(isFailed ? { status: { code: 2, message: "boom" } } : {}),
      };
    }),
  );
  const resource = [
    { key: "service.name", value: { stringValue: service } },
    { key: "host.name", value: { stringValue: `cv-prod-${index % 4}` } },
    { key: "telemetry.sdk.language", value: { stringValue: "ruby" } },
  ];
  const body = encodeTraces({
    resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: "rails" }, spans }] }],
  });
  return {
    body,
    ids: traceIds.flatMap((id) => allOf(body, id)),
    times: spanTimes.flatMap((time) => allOf(body, le64(time))),
  };
}

function placeOf(at: number): object {
  if (at === 0) return { name: "SimulatorController#update", kind: 2 };
  return { parentSpanId: randomBytes(8).toString("hex"), name: `operation ${at % 12}`, kind: 1 };
}

function attributesOf(service: string, index: number, trace: number, at: number) {
  const texts: Record<string, string> = {
    "http.request.method": at % 3 === 0 ? "POST" : "GET",
    "http.route": `/users/:id/projects/${at % 8}`,
    "url.full": `https://circuitverse.example/users/${index}/projects/${at}?page=${trace}`,
    "code.function": `Project.find_${at % 16}`,
    "db.system": "postgresql",
    "db.statement": `SELECT "projects".* FROM "projects" WHERE "projects"."author_id" = $1 AND id = ${at} LIMIT 20`,
    "peer.service": service,
    ...(index === 23 && trace === 15 && at === 9 ? { "rare.key": "needle" } : {}),
  };
  return [
    ...Object.entries(texts).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    { key: "http.response.status_code", value: { intValue: at % 17 === 0 ? 500 : 200 } },
    { key: "thread.id", value: { intValue: at % 16 } },
    { key: "user.id", value: { intValue: index * 1000 + trace } },
  ];
}

function le64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function allOf(body: Buffer, needle: Buffer): number[] {
  const found: number[] = [];
  for (let at = body.indexOf(needle); at !== -1; at = body.indexOf(needle, at + 1)) found.push(at);
  return found;
}
