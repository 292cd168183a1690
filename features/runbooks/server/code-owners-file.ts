import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { CODE_OWNERS_PATHS } from "../domain/code-owners";
import { checkoutTopOf } from "./checkout-dates";

const MAX_BYTES = 1024 * 1024;

/** Rules of ownership of a repository, and where in it the source begins: `docs/`, or nothing at its root. */
export type CodeOwnersFile = { text: string; prefix: string };

/** The rules for the files below a directory: of the checkout it belongs to, else its own. Links are not followed. */
export async function readCodeOwnersFile(root: string): Promise<CodeOwnersFile | null> {
  const top = (await checkoutTopOf(root)) ?? root;
  const below = path.relative(top, root).split(path.sep).join("/");
  for (const name of CODE_OWNERS_PATHS) {
    const text = await readSmallFile(path.join(top, name));
    if (text !== undefined) return { text, prefix: below === "" ? "" : `${below}/` };
  }
  return null;
}

async function readSmallFile(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= MAX_BYTES ? await handle.readFile("utf8") : undefined;
  } finally {
    await handle.close();
  }
}
