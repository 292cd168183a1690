import { randomBytes } from "node:crypto";

export type BigTraceOptions = {
  traceId: string;
  spanCount: number;
  /** `few`: four attributes a span (560 bytes of JSON); `rails`: a dozen, as instrumented Rails apps send (1 kB). */
  attributes: "few" | "rails";
  startNs: bigint;
};

const SERVICES = ["web", "sidekiq", "postgres", "redis", "s3"];
const NAMES = ["Project.find", "GET", "SELECT projects", "redis GET", "PutObject"];

/** A big trace as Jaeger's API v3 answers it. Random on purpose: regular data would compress to a third of what people have. */
export function bigTrace({ traceId, spanCount, attributes, startNs }: BigTraceOptions): Buffer {
  const ids = randomBytes(spanCount * 8).toString("hex");
  const idOf = (at: number) => ids.slice(at * 16, at * 16 + 16);
  const spans: string[][] = SERVICES.map(() => []);
  let atNs = startNs;
  for (let at = 0; at < spanCount; at += 1) {
    atNs += BigInt(Math.floor(Math.random() * 200_000));
    const durationNs = BigInt(Math.floor(Math.exp(Math.random() * 14))) * 1000n;
    const parent = Math.max(0, at - 1 - Math.floor(Math.random() * 200));
    const pairs = attributes === "few" ? fewAttributes(at) : railsAttributes(at);
    spans[at % SERVICES.length]?.push(
      `{"traceId":"${traceId}","spanId":"${idOf(at)}",${at === 0 ? "" : `"parentSpanId":"${idOf(parent)}",`}` +
        `"name":"${NAMES[at % 5]} ${at % 40}","kind":${1 + (at % 5)},"startTimeUnixNano":"${atNs}",` +
        `"endTimeUnixNano":"${atNs + durationNs}","attributes":[${pairs.join(",")}],` +
        `"status":${at % 97 === 0 ? '{"code":2}' : "{}"}}`,
    );
  }
  const groups = SERVICES.map(
    (service, at) =>
      `{"resource":{"attributes":[${text("service.name", service)}]},` +
      `"scopeSpans":[{"scope":{"name":"bench"},"spans":[${spans[at]?.join(",")}]}]}`,
  );
  return Buffer.from(`{"result":{"resourceSpans":[${groups.join(",")}]}}`);
}

const text = (key: string, value: string) =>
  `{"key":${JSON.stringify(key)},"value":{"stringValue":${JSON.stringify(value)}}}`;
const int = (key: string, value: number) => `{"key":"${key}","value":{"intValue":"${value}"}}`;

function fewAttributes(at: number): string[] {
  return [
    text("db.statement", `SELECT "projects".* FROM "projects" WHERE "id" = ? -- ${at % 50}`),
    text("db.system", "postgresql"),
    text("code.function", "Project.find"),
    int("thread.id", at % 12),
  ];
}

function railsAttributes(at: number): string[] {
  return [
    ...fewAttributes(at),
    text("db.name", "circuitverse_production"),
    text("db.user", "circuitverse"),
    text("net.peer.name", "postgres-primary.internal"),
    int("net.peer.port", 5432),
    text("code.namespace", "ActiveRecord::ConnectionAdapters::PostgreSQLAdapter"),
    text("thread.name", `puma srv tp ${String(at % 12).padStart(3, "0")}`),
    int("http.status_code", at % 391 === 0 ? 500 : 200),
    text("request.id", `${randomHex(at)}-4c1e-${at}`),
    text("enduser.id", String((at * 7919) % 100_000)),
  ];
}

const randomHex = (at: number) => ((at * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, "0");
