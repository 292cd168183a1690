import { spanDetailSchema, spanParamsSchema, spanQuerySchema } from "@/features/traces/contract";
import { getSpan } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "One span in full",
  allow: "traces.read",
  params: spanParamsSchema,
  query: spanQuerySchema,
  reply: spanDetailSchema,
  handle: ({ params, query, signal }) => getSpan({ ...params, ...query }, signal),
});
