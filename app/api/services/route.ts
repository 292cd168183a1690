import { servicesReplySchema } from "@/features/traces/contract";
import { listServices } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Services the trace source knows",
  allow: "traces.read",
  reply: servicesReplySchema,
  handle: async ({ signal }) => ({ services: await listServices(signal) }),
});
