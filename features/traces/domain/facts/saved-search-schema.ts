import * as z from "zod/mini";

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
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  line: z._default(z.string().check(z.trim(), z.maxLength(2000)), ""),
  params: z._default(z.string().check(z.trim(), z.maxLength(4000)), ""),
});
export type SaveSearch = z.output<typeof saveSearchSchema>;
export const savedSearchReplySchema = z.object({ search: savedSearchSchema });
export const deleteSearchQuerySchema = z.strictObject({ id: z.uuid() });
export const deletedSearchReplySchema = z.object({ isDeleted: z.boolean() });
