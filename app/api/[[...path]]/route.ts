import { z } from "zod";
import { noSuchEndpoint } from "@/server/http/no-such-endpoint";
import { route } from "@/server/http/route";

const nothing = route({
  allow: "console.health",
  query: z.record(z.string(), z.unknown()),
  reply: z.never(),
  handle: noSuchEndpoint,
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
