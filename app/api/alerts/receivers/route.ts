import { receiversReplySchema } from "@/features/console/contract";
import { readReceivers } from "@/features/console/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Where alerts go beside the console, and what became of the last ones",
  allow: "console.read",
  reply: receiversReplySchema,
  handle: () => readReceivers(),
});
