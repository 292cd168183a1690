import { z } from "zod";
import { activityExportQuerySchema } from "@/features/console/contract";
import { exportActivity } from "@/features/console/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "The audit as a file: CSV or JSON lines, oldest first",
  allow: "audit.export",
  query: activityExportQuerySchema,
  reply: z.never(),
  handle: async ({ query }) => exportActivity(query),
});
