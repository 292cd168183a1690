import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Bucket } from "./bucket";
import { S3Error } from "./s3-error";

// Lower case, digits, dots and dashes, 3 to 63, no "..": a bucket name is also safe as a folder name.
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

type Entry = { bucket: Bucket; createdMs: number };

/** All buckets of one data directory. */
export class BucketCatalog {
  readonly #dir: string;
  readonly #entries = new Map<string, Entry>();
  readonly #creating = new Set<string>();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async open(dataDir: string): Promise<BucketCatalog> {
    const dir = path.join(dataDir, "buckets");
    await mkdir(dir, { recursive: true });
    const catalog = new BucketCatalog(dir);
    for (const name of (await readdir(dir)).filter((entry) => BUCKET_NAME.test(entry))) {
      const { birthtimeMs } = await stat(path.join(dir, name));
      catalog.#entries.set(name, { bucket: await Bucket.open(path.join(dir, name), name), createdMs: birthtimeMs });
    }
    return catalog;
  }

  /** Throws NoSuchBucket. */
  bucket(name: string): Bucket {
    const entry = this.#entries.get(name);
    if (entry === undefined)
      throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: name });
    return entry.bucket;
  }

  list(): { name: string; createdMs: number }[] {
    const names = Array.from(this.#entries, ([name, { createdMs }]) => ({ name, createdMs }));
    return names.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async create(name: string): Promise<void> {
    if (!BUCKET_NAME.test(name))
      throw new S3Error("InvalidBucketName", "The specified bucket is not valid.", { BucketName: name });
    if (this.#entries.has(name) || this.#creating.has(name))
      throw new S3Error(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        {
          BucketName: name,
        },
      );
    this.#creating.add(name);
    try {
      this.#entries.set(name, { bucket: await Bucket.open(path.join(this.#dir, name), name), createdMs: Date.now() });
    } finally {
      this.#creating.delete(name);
    }
  }

  async delete(name: string): Promise<void> {
    const bucket = this.bucket(name);
    if (!bucket.isEmpty)
      throw new S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty", { BucketName: name });
    this.#entries.delete(name);
    await bucket.destroy();
  }

  close(): void {
    for (const { bucket } of this.#entries.values()) bucket.close();
  }
}
