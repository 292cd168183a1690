import { runGit } from "./git-command";

export type LastChange = { changedAt: Date; changedBy: string };

type HistoryOf = {
  gitDir: string;
  commit: string;
  paths: ReadonlySet<string>;
  /** Only commits that touched something below it; all of them otherwise. */
  scope?: string;
  timeoutMs: number;
  maxOutputBytes: number;
  signal: AbortSignal;
};

/** When each path last changed and by whom, from one walk of the history. */
export async function readLastChanges({ commit, paths, scope, ...call }: HistoryOf): Promise<Map<string, LastChange>> {
  const changes = new Map<string, LastChange>();
  if (paths.size === 0) return changes;
  const below = scope === undefined ? [] : ["--", scope];
  const args = ["log", "-z", "--name-only", "--no-renames", "--format=%x01%ct%x02%an", commit, ...below];
  const log = (await runGit({ ...call, args })).toString("utf8");
  for (const block of log.split("\x01").slice(1)) {
    const [head = "", ...names] = block.split("\0");
    const [seconds = "0", author = ""] = head.split("\x02");
    const change = { changedAt: dateOf(Number(seconds)), changedBy: author.slice(0, 100) };
    for (const name of names) {
      const filePath = name.replace(/^\n/, "");
      if (paths.has(filePath) && !changes.has(filePath)) changes.set(filePath, change);
    }
    if (changes.size === paths.size) break;
  }
  return changes;
}

/** A repository may name any second; one that is no date must not keep its source from being read. */
function dateOf(unixSeconds: number): Date {
  const isDate = unixSeconds >= 0 && unixSeconds < 253_402_300_800;
  return new Date(isDate ? unixSeconds * 1000 : 0);
}
