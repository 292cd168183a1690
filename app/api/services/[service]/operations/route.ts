import { operationsReplySchema, serviceParamsSchema } from "@/features/traces/contract";
import { listOperations } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Operations of a service",
  allow: "traces.read",
  params: serviceParamsSchema,
  reply: operationsReplySchema,
  handle: async ({ params, signal }) => ({ operations: await listOperations(params.service, signal) }),
});
