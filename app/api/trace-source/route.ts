import { traceSourceStatusSchema } from "@/features/traces/contract";
import { getTraceSource } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Health of the trace source",
  allow: "traces.read",
  reply: traceSourceStatusSchema,
  handle: ({ signal }) => getTraceSource(signal),
});
