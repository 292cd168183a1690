import { redQuerySchema, redReplySchema, serviceParamsSchema } from "@/features/traces/contract";
import { getServiceRed } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Rate, errors and durations of a service and its operations, against before",
  allow: "traces.read",
  params: serviceParamsSchema,
  query: redQuerySchema,
  reply: redReplySchema,
  handle: ({ params, query, signal }) => getServiceRed(params.service, query, signal),
});
