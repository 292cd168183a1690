import { stat } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "@/lib/errors";
import { parseRunbook } from "../domain/parse-runbook";
import { type Problem, sortProblems } from "../domain/problem";
import { assignRunbookIds, repeatedId } from "../domain/runbook-id";
import { readDirectorySource } from "./directory-source";
import { surroundingsOf } from "./surroundings";

/** What an author should look at in the files below a directory. Paths are relative to it, `/` between folders. */
export type RunbooksCheck = {
  files: { path: string; problems: Problem[] }[];
  /** What was left out: links, too many files. */
  notes: string[];
};

/**
 * The problems the library page shows of these files, found without a console or a database.
 * @throws AppError invalid_input when the directory is not there.
 */
export async function checkRunbooks(directory: string, signal: AbortSignal): Promise<RunbooksCheck> {
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new AppError("invalid_input", `${directory} is no directory that can be read.`);
  const content = await readDirectorySource({ kind: "directory", name: "check", directory }, signal);
  const { files, notes } = content;
  const surroundings = surroundingsOf(content);
  const { repeated } = assignRunbookIds("check", files);
  const checked: RunbooksCheck["files"] = [];
  for (const { path, text, problems } of files) {
    await nextTurn();
    const parsed = parseRunbook({ path, text, ...surroundings });
    checked.push({ path, problems: sortProblems([...problems, ...repeatedId(path, repeated), ...parsed.problems]) });
  }
  return { files: checked, notes };
}
