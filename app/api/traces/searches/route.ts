import {
  deletedSearchReplySchema,
  deleteSearchQuerySchema,
  savedSearchesReplySchema,
  savedSearchReplySchema,
  saveSearchSchema,
} from "@/features/traces/contract";
import { forgetSearch, keepSearch, listSearches } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  allow: "traces.read",
  reply: savedSearchesReplySchema,
  handle: async () => ({ searches: await listSearches() }),
});

export const POST = route({
  allow: "traces.write",
  body: saveSearchSchema,
  reply: savedSearchReplySchema,
  status: 201,
  handle: async ({ body, viewer }) => ({ search: await keepSearch(body, viewer) }),
});

export const DELETE = route({
  allow: "traces.write",
  query: deleteSearchQuerySchema,
  reply: deletedSearchReplySchema,
  handle: async ({ query, viewer }) => ({ isDeleted: await forgetSearch(query.id, viewer) }),
});
