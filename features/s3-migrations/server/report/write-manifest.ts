import { sign } from "node:crypto";
import { placeOf, type S3MigrationSnapshot } from "../../contract";
import type { DestinationSpec } from "../../domain/plan-spec";
import { PRESENT_STATES } from "../../domain/states";
import { type ManifestKey, manifestKey } from "./manifest-key";
import { MerkleTree } from "./merkle-tree";
import type { ReportedObject } from "./report-repository";

/** The words before what is signed, so that the key's signature of anything else is no manifest. */
const PURPOSE = "ops-console manifest v1";
const isPresent = ({ state }: ReportedObject) => (PRESENT_STATES as readonly string[]).includes(state);

/**
 * JSON lines: what it is about, one line per object at the destination, and last the sums, the Merkle root of the
 * objects' lines and an Ed25519 signature of all that. `clients/verify-manifest.mjs` checks it without the console.
 */
export async function* writeManifest(
  snapshot: Omit<S3MigrationSnapshot, "destination"> & { destination: DestinationSpec },
  pages: AsyncIterable<ReportedObject[]>,
  key: ManifestKey = manifestKey(),
): AsyncGenerator<string> {
  const head = JSON.stringify({
    manifest: PURPOSE,
    migration: snapshot.id,
    name: snapshot.name,
    source: placeOf(snapshot.source),
    bucket: snapshot.destination.bucket,
    prefix: snapshot.destination.prefix,
    state: snapshot.state,
    writtenAt: new Date().toISOString(),
  });
  yield `${head}\n`;
  const tree = new MerkleTree();
  let objects = 0;
  let bytes = 0;
  for await (const page of pages) {
    const lines = page.filter(isPresent).map((object) => {
      objects += 1;
      bytes += object.sizeBytes;
      const line = lineOf(object);
      tree.add(line);
      return `${line}\n`;
    });
    if (lines.length > 0) yield lines.join("");
  }
  const sums = { objects, bytes, root: tree.root() };
  const signature = sign(null, Buffer.from(signedText(head, sums)), key.privateKey).toString("base64");
  yield `${JSON.stringify({ ...sums, publicKey: key.publicPem, signature })}\n`;
}

function lineOf({ destinationKey, sizeBytes, crc32, etag, tier }: ReportedObject): string {
  return JSON.stringify({ key: destinationKey, size: sizeBytes, crc32, etag, tier });
}

const signedText = (head: string, { objects, bytes, root }: { objects: number; bytes: number; root: string }) =>
  [PURPOSE, head, objects, bytes, root].join("\n");
