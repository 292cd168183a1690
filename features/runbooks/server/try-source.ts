import { stat } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "@/lib/errors";
import { withoutCredentials } from "@/lib/without-credentials";
import { parseSourceSpecs, toShownLocation } from "../domain/source-spec";
import { runGit } from "./git-command";

const TIMEOUT_MS = 8000;

/**
 * Whether an entry of `RUNBOOKS` can be read now: a directory is there, a repository answers and has the branch or tag.
 * Fetches and keeps nothing. The sentence holds no credentials.
 */
export async function tryRunbookSource(entry: string): Promise<{ isReadable: boolean; sentence: string }> {
  try {
    const [spec] = parseSourceSpecs([entry]);
    if (spec === undefined) return { isReadable: false, sentence: "names nothing" };
    const place = toShownLocation(spec);
    if (spec.kind === "directory") {
      const isReadable = await stat(spec.directory)
        .then((found) => found.isDirectory())
        .catch(() => false);
      return {
        isReadable,
        sentence: isReadable ? `${path.resolve(place)} is a directory` : `${place} is no directory`,
      };
    }
    const call = { timeoutMs: TIMEOUT_MS, maxOutputBytes: 8_000_000, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const answer = await runGit({ ...call, url: spec.url, args: ["ls-remote", "--", spec.url, spec.ref] });
    const isReadable = answer.byteLength > 0;
    const what = spec.ref === "HEAD" ? "default branch" : `branch or tag "${spec.ref}"`;
    return { isReadable, sentence: `${place} answers${isReadable ? "" : `, but has no ${what}`}` };
  } catch (error) {
    return { isReadable: false, sentence: withoutCredentials(messageOf(error)) };
  }
}
