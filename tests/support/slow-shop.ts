import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "@playwright/test";

export const SERVICE = "shop-web";
export const OPERATION = "GET /baskets/:id";
const MINUTE_MS = 60_000;
const USUAL_COUNT = 40;
const SLOW_QUERIES = 120;
export const REPOSITORY_URL = "https://github.com/owner/shop";

const N_PLUS_ONE = `---
title: Put out an N+1
findings: [n-plus-one]
params:
  branch: { pattern: "[a-z/-]+", description: Where the fix is written }
---

# Put out an N+1

- [ ] Look at the finding

  \`\`\`sh
  curl -s http://127.0.0.1:3000/api/traces/<trace-id>/findings
  \`\`\`

- [ ] Find it in the log

  \`\`\`console
  $ grep -c <operation> log/<service>.log
  it's 120
  \`\`\`

- [ ] Tell its owners

  \`\`\`text
  service    <service>
  operation  <operation>
  finding    <finding>
  branch     <branch>
  \`\`\`
`;
const QUEUE = "---\ntitle: Calm a queue\nfindings: [queue-wait]\n---\n\n- [ ] Add a worker\n";

const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** A request that asks the database `queries` times, 10 ms each, one after the other. */
function request(id: number, startMs: number, queries: number): object[] {
  const traceId = `5104${hex(id, 28)}`;
  const span = (at: number, name: string, fromMs: number, lengthMs: number, rest: object) => ({
    traceId,
    spanId: hex(id * 1000 + at + 1, 16),
    name,
    startTimeUnixNano: `${Math.round((startMs + fromMs) * 1000)}000`,
    endTimeUnixNano: `${Math.round((startMs + fromMs + lengthMs) * 1000)}000`,
    status: {},
    ...rest,
  });
  const calls = Array.from({ length: queries }, (_, at) =>
    span(at + 1, "SELECT items", 5 + at * 11, 10, {
      kind: 3,
      parentSpanId: hex(id * 1000 + 1, 16),
      attributes: [text("db.system", "postgresql"), text("db.statement", "SELECT * FROM items WHERE id = $1")],
    }),
  );
  return [span(0, OPERATION, 0, 20 + queries * 11 + (id % 7), { kind: 2 }), ...calls];
}

/** The trace with so many queries. */
export const SLOW_ID = `5104${hex(999, 28)}`;

/** Usual requests of one release, and one slow one of the next. */
export async function sendSlowShop(otlpUrl: string): Promise<void> {
  const nowMs = Date.now();
  const usual = Array.from({ length: USUAL_COUNT }, (_, at) =>
    request(at + 1, nowMs - (30 * MINUTE_MS - at * 20_000), 2),
  );
  const slow = request(999, nowMs - 5 * MINUTE_MS, SLOW_QUERIES);
  const resourceSpans = [
    { version: "v6", spans: usual.flat() },
    { version: "v7", spans: slow },
  ].map(({ version, spans }) => ({
    resource: { attributes: [text("service.name", SERVICE), text("service.version", version)] },
    scopeSpans: [{ spans }],
  }));
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  expect(response.status).toBe(200);
}

/** Folder of runbooks: one for what is slow here, one for something else. */
export function writeShopRunbooks(): string {
  const root = mkdtempSync(path.join(tmpdir(), "e2e-slow-"));
  chmodSync(root, 0o755);
  writeFileSync(path.join(root, "n-plus-one.md"), N_PLUS_ONE);
  writeFileSync(path.join(root, "queue.md"), QUEUE);
  return root;
}
