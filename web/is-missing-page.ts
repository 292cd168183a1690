import { hasService } from "@/features/collector/server";
import { hasRun, hasRunbook } from "@/features/runbooks/server";
import { hasS3Migration } from "@/features/s3-migrations/server";
import { hasTrace } from "@/features/traces/server";
import { isCollectorKnownEmbedded } from "@/server/processes/embedded-collector";

/** A page that is there is not kept waiting for longer: without an answer it counts as there, and says itself what it finds. */
const ANSWER_MS = 300;

type Exists = (id: string) => boolean | Promise<boolean>;

/** Pages of one thing each, by its id. Their neighbours at the same depth name nothing. */
const PAGES: readonly [RegExp, Exists][] = [
  [/^\/traces\/(?!compare$|critical-path$)([^/]+)$/, hasTrace],
  // A Jaeger of one's own may know services of which nothing was read here.
  [/^\/services\/([^/]+)$/, (id) => !isCollectorKnownEmbedded() || hasService(id)],
  [/^\/runs\/([^/]+)$/, hasRun],
  [/^\/runbooks\/(.+)$/, hasRunbook],
  [/^\/s3-migrations\/(?!new$)([^/]+)(?:\/objects|\/plan)?$/, hasS3Migration],
];

/**
 * Whether the page at this path is of something that does not exist. Pages are streamed: their status is on its way before
 * they know. `pathname` is decodable; any doubt is a no.
 */
export async function isMissingPage(pathname: string): Promise<boolean> {
  for (const [pattern, exists] of PAGES) {
    const [, id] = pattern.exec(pathname) ?? [];
    if (id !== undefined) return !(await inTime(exists, decodeURIComponent(id)));
  }
  return false;
}

async function inTime(exists: Exists, id: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS, true);
  });
  try {
    return await Promise.race([exists(id), late]);
  } catch {
    // A database that is away knows of nothing; the page says that it is.
    return true;
  } finally {
    clearTimeout(timer);
  }
}
