import { z } from "zod";
import { askHttp } from "./ask-http";
import type { CheckFacts } from "./check-ports";

const replySchema = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("scalar"), result: z.tuple([z.number(), z.string()]) }),
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
    }),
  ]),
});

/** An instant query: `value` of a scalar or of the only series, `series` with all. No series means no value. */
export async function askPrometheus(
  query: string,
  baseUrl: string | undefined,
  signal: AbortSignal,
): Promise<CheckFacts> {
  if (baseUrl === undefined) throw new Error("PROMETHEUS_URL is not set");
  const url = new URL(`${baseUrl.replace(/\/$/, "")}/api/v1/query`);
  url.searchParams.set("query", query);
  // The operator named this address; it may well be a neighbour.
  const limits = { hosts: [url.host], allowPrivate: true };
  const { status, json } = await askHttp({ url: url.href, method: "GET", headers: {} }, limits, signal);
  if (status !== 200) throw new Error(`Prometheus answered ${status}`);
  const { data } = replySchema.parse(json);
  if (data.resultType === "scalar") return { value: Number(data.result[1]) };
  const series = data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  const [only] = series;
  return { series, count: series.length, ...(series.length === 1 && only !== undefined ? { value: only.value } : {}) };
}
