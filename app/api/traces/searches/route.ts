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
  summary: "Saved searches",
  allow: "traces.read",
  reply: savedSearchesReplySchema,
  handle: async () => ({ searches: await listSearches() }),
});

export const POST = route({
  summary: "Save a search",
  allow: "traces.write",
  body: saveSearchSchema,
  reply: savedSearchReplySchema,
  status: 201,
  handle: async ({ body, viewer }) => ({ search: await keepSearch(body, viewer) }),
});

export const DELETE = route({
  summary: "Forget a saved search",
  allow: "traces.write",
  query: deleteSearchQuerySchema,
  reply: deletedSearchReplySchema,
  handle: async ({ query, viewer }) => ({ isDeleted: await forgetSearch(query.id, viewer) }),
});
