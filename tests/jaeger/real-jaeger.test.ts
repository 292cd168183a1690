import { expect, it } from "vitest";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { readSpan } from "@/features/traces/server/decoding/read-span";
import { unwrapOtlp } from "@/features/traces/server/export/to-otlp";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { toOpenTrace } from "@/features/traces/server/open-trace";
import { describeTraceSource } from "../support/trace-source-contract";
import { startRealJaeger } from "./real-jaeger";
import { SENT_OPERATION, SENT_SERVICE, SENT_SPAN_COUNT, sendTraces } from "./send-traces";

describeTraceSource("a real Jaeger fed by the OpenTelemetry SDK", async () => {
  const jaeger = await startRealJaeger();
  const ids = await sendTraces(jaeger.otlpUrl, 40);
  return {
    url: jaeger.queryUrl,
    kind: "legacy",
    service: SENT_SERVICE,
    operation: SENT_OPERATION,
    traceId: ids[7] ?? "",
    spanCount: SENT_SPAN_COUNT,
    start: Date.now() - 3_600_000,
    end: Date.now(),
    close: jaeger.stop,
  };
});

it("keeps what the SDK sent: errors, exceptions, statements and other services", async () => {
  const jaeger = await startRealJaeger();
  const source = new JaegerSource({ url: jaeger.queryUrl });
  try {
    const [id = ""] = await sendTraces(jaeger.otlpUrl, 1);
    const file = unwrapOtlp((await source.readTraceAs(id, "otlp")) ?? Buffer.alloc(0));
    const trace = toOpenTrace(await decodeTraces(file), id, Date.now());
    expect(trace.facts).toMatchObject({ errorSpanCount: 1, rootOperation: SENT_OPERATION, maxDepth: 1 });
    expect(trace.facts.services).toEqual([
      { name: "shop-payments", spanCount: 1, errorSpanCount: 1 },
      { name: "shop-web", spanCount: SENT_SPAN_COUNT - 1, errorSpanCount: 0 },
    ]);
    expect(trace.skeleton.details).toContain("SELECT * FROM line_items WHERE id = $1");
    const charge = readSpan(trace, SENT_SPAN_COUNT - 1);
    expect(charge).toMatchObject({
      name: "charge",
      kind: "server",
      status: { code: "error", message: "card declined" },
    });
    expect(charge.events[0]).toMatchObject({ name: "exception" });
    expect(charge.attributes).toContainEqual({ key: "amount", type: "int", value: 7 });
  } finally {
    await source.close();
    await jaeger.stop();
  }
});
