import { traceSourceStatusSchema } from "@/features/traces/contract";
import { getTraceSource } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  allow: "traces.read",
  reply: traceSourceStatusSchema,
  handle: ({ signal }) => getTraceSource(signal),
});
