import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const NO_SETTINGS = "/dev/null";

/**
 * Runs `work` with the only settings of git there are: that the named repository is safe to read whoever it belongs to.
 * git asks for that of a repository on this machine, and hears it from a file only, neither from its command line nor
 * from the environment. Who names it in `RUNBOOKS` has said so; nothing but its objects is read.
 */
export async function withTrustIn<T>(url: string | undefined, work: (settingsFile: string) => Promise<T>): Promise<T> {
  if (url === undefined || !url.startsWith("file:")) return work(NO_SETTINGS);
  const directory = await mkdtemp(path.join(tmpdir(), "ops-console-git-"));
  try {
    const settingsFile = path.join(directory, "config");
    await writeFile(settingsFile, await settingsFor(fileURLToPath(url)));
    return await work(settingsFile);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function settingsFor(repository: string): Promise<string> {
  const named = repository.replace(/\/+$/, "");
  // One that is not there is refused by git in its own words.
  const real = await realpath(named).catch(() => named);
  // The places in which git looks for a repository of that name.
  const places = new Set([named, real].flatMap((place) => [place, `${place}/.git`, `${place}.git`]));
  // A quoted value of git's settings: only these two characters mean something in it.
  const quoted = [...places].map((place) => `"${place.replace(/["\\]/g, "\\$&")}"`);
  return ["[safe]", ...quoted.map((place) => `\tdirectory = ${place}`), ""].join("\n");
}
