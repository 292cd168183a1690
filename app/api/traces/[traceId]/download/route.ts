import { z } from "zod";
import { downloadQuerySchema, traceParamsSchema } from "@/features/traces/contract";
import { downloadTrace } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "A trace as a file, OTLP or Jaeger JSON",
  allow: "traces.read",
  params: traceParamsSchema,
  query: downloadQuerySchema,
  reply: z.never(),
  handle: ({ params, query, request }) => downloadTrace({ ...params, ...query }, request),
});
