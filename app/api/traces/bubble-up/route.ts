import { bubbleUpBodySchema, bubbleUpReplySchema } from "@/features/traces/contract";
import { bubbleUpSelection } from "@/features/traces/server";
import { route } from "@/server/http/route";

/** A question whose selection may be too long for an address; nothing is written. */
export const POST = route({
  summary: "What sets a selection of traces apart from the others",
  allow: "traces.read",
  body: bubbleUpBodySchema,
  reply: bubbleUpReplySchema,
  handle: ({ body, signal }) => bubbleUpSelection(body, signal),
});
