import { z } from "zod";

/** A search somebody keeps: the query line, and the rest of the page's address (range, sort, columns). */
export const savedSearchSchema = z.object({
  id: z.string(),
  name: z.string(),
  line: z.string(),
  /** The page's query string without `?`. */
  params: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
});
export type SavedSearch = z.infer<typeof savedSearchSchema>;

/** By name. */
export const savedSearchesReplySchema = z.object({ searches: z.array(savedSearchSchema) });
/** A name that exists is overwritten. A `line` that does not parse is refused. */
export const saveSearchSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  line: z.string().trim().max(2000).default(""),
  params: z.string().trim().max(4000).default(""),
});
export type SaveSearch = z.output<typeof saveSearchSchema>;
export const savedSearchReplySchema = z.object({ search: savedSearchSchema });
export const deleteSearchQuerySchema = z.strictObject({ id: z.uuid() });
export const deletedSearchReplySchema = z.object({ isDeleted: z.boolean() });
