import http from "node:http";
import { gunzipSync } from "node:zlib";
import { trace } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, pool, transaction } from "@/server/db/client";
import { prisma } from "@/server/db/prisma";
import { startTelemetry } from "@/server/telemetry/setup";
import { withSpan } from "@/server/telemetry/with-span";
import { createTestDatabase, type TestDatabase } from "../support/database";

type Received = { url: string; headers: http.IncomingHttpHeaders; text: string };

let database: TestDatabase;
let receiver: http.Server;
let flush: () => Promise<void>;
const received: Received[] = [];

beforeAll(async () => {
  receiver = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
      received.push({ url: request.url ?? "", headers: request.headers, text });
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as { port: number };
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}/otlp/`;
  // Left over from the lines that send an app's spans here.
  process.env.OTEL_SERVICE_NAME = "my-service";
  process.env.OTEL_EXPORTER_OTLP_HEADERS = "api-key=a%20b,x-team=ops";
  database = await createTestDatabase();
  flush = startTelemetry("ops-console-test");
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  trace.disable();
});

describe("the console's own spans", () => {
  it("go where OTEL_EXPORTER_OTLP_ENDPOINT points, with its headers, with the queries of the work and of no other", async () => {
    await pool().query("select 'nobody asked' as unasked");
    await withSpan("work", {}, async () => {
      await Promise.all([
        pool().query("select 1 as asked"),
        transaction((client) => client.query({ text: "select $1::int as inside", values: [7] })),
        prisma().auditEvent.count(),
        pool()
          .query("select broken")
          .catch(() => {}),
      ]);
    });
    await flush();
    const text = received.map((request) => request.text).join("");
    expect(received[0]?.url).toBe("/otlp/v1/traces");
    expect(received[0]?.headers).toMatchObject({ "api-key": "a b", "x-team": "ops" });
    expect(text).toContain("ops-console-test");
    for (const statement of ["select 1 as asked", "select $1::int as inside", "audit_event", "42703"]) {
      expect(text).toContain(statement);
    }
    expect(text).not.toContain("nobody asked");
    const spans: { name: string; traceId: string }[] = received.flatMap((request) =>
      JSON.parse(request.text).resourceSpans.flatMap((resource: { scopeSpans: { spans: object[] }[] }) =>
        resource.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(["work", "db.select", "db.begin"]));
  });
});
