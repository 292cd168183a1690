import { healthSchema } from "@/lib/console-contract";
import { route } from "@/server/http/route";
import { checkHealth, toHealthResponse } from "@/server/processes/health";

export const GET = route({
  summary: "Whether each part of the console is well",
  allow: "console.health",
  reply: healthSchema,
  handle: async () => toHealthResponse(await checkHealth()),
});
