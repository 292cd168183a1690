import fs from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { createRandom } from "../domain/random";
import { previewImage } from "./preview-image";

/** CarrierWave's layout: uploads/project/image_preview/<project id>/preview_<timestamp>.png */
export async function writePreviewFiles({
  dir,
  count,
  seed,
  signal,
}: {
  dir: string;
  count: number;
  seed: number;
  signal: AbortSignal;
}): Promise<void> {
  const random = createRandom(seed);
  // A few hundred distinct pictures, each used several times with other names: drawing is the slow part.
  const drawn = Array.from({ length: Math.min(count, 200) }, () => previewImage(random));
  for (let index = 0; index < count; index += 1) {
    if (index % 50 === 0) {
      signal.throwIfAborted();
      await setImmediate();
    }
    const folder = path.join(dir, "project", "image_preview", String(1000 + index));
    await fs.mkdir(folder, { recursive: true });
    const image = drawn[index % drawn.length] ?? previewImage(random);
    await fs.writeFile(path.join(folder, `preview_${1_690_000_000 + random.int(0, 9_999_999)}.png`), image);
  }
}
