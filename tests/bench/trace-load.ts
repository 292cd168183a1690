import { encodeTraces } from "@/features/collector/domain/encode-traces";

const SPANS_PER_TRACE = 4;
const TRACES_PER_REQUEST = 250;

type Load = { otlpPort: number; count: number; window: { start: number; end: number } };

/**
 * Sends traces of four spans with log-normal durations, as requests have them, spread over the window in no order. The same
 * ones each time. Resolves to their durations, µs.
 */
export async function sendTraceLoad({ otlpPort, count, window }: Load): Promise<number[]> {
  const random = sequence(12);
  const durations: number[] = [];
  while (durations.length < count) {
    const spans = Array.from({ length: TRACES_PER_REQUEST }, () => {
      const normal = Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
      const durationUs = Math.round(80_000 * Math.exp(normal));
      durations.push(durationUs);
      const startUs = window.start * 1000 + Math.floor(random() * (window.end - window.start) * 1000);
      return spansOf(startUs, durationUs, durations.length);
    }).flat();
    const body = encodeTraces({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "web" } }] },
          scopeSpans: [{ scope: { name: "bench" }, spans }],
        },
      ],
    });
    const headers = { "content-type": "application/x-protobuf" };
    const url = `http://127.0.0.1:${otlpPort}/v1/traces`;
    const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
    if (response.status !== 200) throw new Error(`the collector answered ${response.status}`);
  }
  return durations;
}

function sequence(seed: number): () => number {
  let at = seed;
  return () => {
    at = (at * 1_103_515_245 + 12_345) % 2_147_483_648;
    return at / 2_147_483_648;
  };
}

function spansOf(startUs: number, durationUs: number, number: number): object[] {
  const traceId = `c${number.toString(16).padStart(31, "0")}`;
  const rootId = number.toString(16).padStart(16, "0");
  return Array.from({ length: SPANS_PER_TRACE }, (_, at) => ({
    traceId,
    spanId: at === 0 ? rootId : `b${(number * 10 + at).toString(16).padStart(15, "0")}`,
    ...(at === 0 ? {} : { parentSpanId: rootId }),
    name: at === 0 ? `GET /${number % 20}` : `SELECT ${at}`,
    kind: at === 0 ? 2 : 3,
    startTimeUnixNano: `${startUs + at}000`,
    endTimeUnixNano: `${startUs + (at === 0 ? durationUs : Math.floor(durationUs / 5) + at)}000`,
    attributes: [{ key: "http.route", value: { stringValue: `/${number % 20}` } }],
  }));
}
