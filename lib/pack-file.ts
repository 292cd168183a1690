const GZIP = [0x1f, 0x8b];
/** Smaller files are sent sooner than they are packed. */
const LEAST_BYTES = 256 * 1024;

/** A file as it is best sent: packed with gzip, unless it is small, packed already, or this browser cannot. */
export async function packFile(file: Blob): Promise<Blob> {
  if (file.size < LEAST_BYTES || typeof CompressionStream === "undefined") return file;
  const head = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  if (GZIP.every((byte, at) => head[at] === byte)) return file;
  return new Response(file.stream().pipeThrough(new CompressionStream("gzip"))).blob();
}
