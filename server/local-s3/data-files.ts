import { randomBytes } from "node:crypto";
import { copyFile, type FileHandle, link, mkdir, open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "@/lib/errors";

const SHARDS = 256;
const COPY_BUFFER_BYTES = 256 * 1024;

/**
 * Immutable bodies of one bucket under random names: keys never touch the file system, so no key can escape it, collide
 * by case or clash as file and folder.
 */
export class DataFiles {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async open(dir: string): Promise<DataFiles> {
    for (let shard = 0; shard < SHARDS; shard += 1)
      await mkdir(path.join(dir, shard.toString(16).padStart(2, "0")), { recursive: true });
    return new DataFiles(dir);
  }

  #pathOf(dataId: string): string {
    return path.join(this.#dir, dataId.slice(0, 2), dataId);
  }

  /** Streams `chunks` into a new file and returns its id. Whatever goes wrong, nothing is left behind. */
  async write(chunks: AsyncIterable<Buffer>): Promise<string> {
    const dataId = randomBytes(16).toString("hex");
    const handle = await open(this.#pathOf(dataId), "wx");
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk);
    } catch (error) {
      await handle.close();
      await this.remove(dataId);
      throw error;
    }
    await handle.close();
    return dataId;
  }

  /** Opens a body; undefined when it has been overwritten or deleted meanwhile. */
  async open(dataId: string): Promise<FileHandle | undefined> {
    try {
      return await open(this.#pathOf(dataId), "r");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** A second name for the same immutable bytes, where the file system can; a copy elsewhere. */
  async duplicate(dataId: string, into: DataFiles): Promise<string> {
    const copyId = randomBytes(16).toString("hex");
    try {
      await link(this.#pathOf(dataId), into.#pathOf(copyId));
    } catch {
      // Another file system, or one without hard links: what else is wrong, the copy says.
      await copyFile(this.#pathOf(dataId), into.#pathOf(copyId));
    }
    return copyId;
  }

  async remove(dataId: string): Promise<void> {
    await rm(this.#pathOf(dataId), { force: true });
  }

  /** Deletes bodies no record names: uploads cut off by a kill. */
  async sweep(isNamed: (dataId: string) => boolean): Promise<void> {
    for (const shard of await readdir(this.#dir))
      for (const dataId of await readdir(path.join(this.#dir, shard))) if (!isNamed(dataId)) await this.remove(dataId);
  }
}

/** The bytes `from` to `to` (inclusive) of an open file, which is closed at the end, come what may. */
export async function* readSpan(handle: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  try {
    let position = from;
    while (position <= to) {
      const buffer = Buffer.allocUnsafe(Math.min(COPY_BUFFER_BYTES, to - position + 1));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
