import { uploadQuerySchema, uploadReplySchema } from "@/features/traces/contract";
import { uploadTraces } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Open a trace file",
  allow: "traces.upload",
  query: uploadQuerySchema,
  reply: uploadReplySchema,
  status: 201,
  handle: ({ request, query, viewer, signal }) => uploadTraces({ request, fileName: query.fileName, viewer }, signal),
});
