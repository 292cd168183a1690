import { processesSchema } from "@/lib/console-contract";
import { route } from "@/server/http/route";
import { readProcesses } from "@/server/processes/health";

export const GET = route({
  summary: "The console's own processes",
  allow: "console.read",
  reply: processesSchema,
  handle: readProcesses,
});
