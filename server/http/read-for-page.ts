import { DATABASE_AWAY_DIGEST } from "@/lib/console-contract";
import { messageOf } from "@/lib/errors";
import { isDatabaseAway } from "./is-database-away";

/**
 * What a page needs of the database. Next hides the text of what is thrown on the server from the browser, all but its
 * digest: by that the page of the error knows a database that is away.
 */
export async function readForPage<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!isDatabaseAway(cause)) throw cause;
    const error = new Error(`The database does not answer: ${messageOf(cause)}`, { cause });
    throw Object.assign(error, { digest: DATABASE_AWAY_DIGEST });
  }
}
