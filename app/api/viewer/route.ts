import { renameViewerSchema, viewerSchema } from "@/features/console/contract";
import { LOCAL_NAME, nameCookie } from "@/lib/viewer-name";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Who is asking",
  allow: "console.read",
  reply: viewerSchema,
  handle: async ({ viewer }) => ({ name: viewer.name, role: viewer.role }),
});

export const PUT = route({
  summary: "Choose the name others see",
  allow: "console.read",
  body: renameViewerSchema,
  reply: viewerSchema,
  handle: async ({ body, viewer }) =>
    Response.json(
      { name: body.name || LOCAL_NAME, role: viewer.role },
      { headers: { "set-cookie": nameCookie(body.name), "cache-control": "no-store" } },
    ),
});
