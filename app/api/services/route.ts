import { servicesReplySchema } from "@/features/traces/contract";
import { getServices } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Services the trace source knows, or while it is silent those of the traces held",
  allow: "traces.read",
  reply: servicesReplySchema,
  handle: ({ signal }) => getServices(signal),
});
