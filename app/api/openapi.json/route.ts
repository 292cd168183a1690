import * as z from "zod/mini";
import document from "@/docs/openapi.json";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "This document",
  allow: "console.read",
  reply: z.record(z.string(), z.unknown()),
  handle: async () => document,
});
