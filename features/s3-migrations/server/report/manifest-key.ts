import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { AppError, codeOf, messageOf } from "@/lib/errors";
import { env } from "@/server/config/env";

const FILE = "manifest-key.pem";

export type ManifestKey = { privateKey: KeyObject; publicPem: string; fingerprint: string };

/**
 * The Ed25519 key that signs manifests: the file `OPS_MANIFEST_KEY` names, else one made on first use in the data
 * directory, readable by its owner only. Whoever checks a manifest compares the fingerprint.
 */
export function manifestKey(): ManifestKey {
  const { OPS_MANIFEST_KEY: given, OPS_DATA_DIR } = env();
  const privateKey = given === undefined ? ownKey(path.join(OPS_DATA_DIR, FILE)) : readKey(given);
  if (privateKey.asymmetricKeyType !== "ed25519") {
    throw new AppError("unavailable", "The key that signs manifests is not an Ed25519 key.");
  }
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: "spki", format: "der" });
  return {
    privateKey,
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    fingerprint: createHash("sha256").update(der).digest("hex"),
  };
}

function ownKey(file: string): KeyObject {
  if (!fs.existsSync(file)) makeKey(file);
  return readKey(file);
}

/** Written apart and linked into place: of two processes that make one at once, the first wins, whole. */
function makeKey(file: string): void {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const draft = `${file}.${process.pid}`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(draft, pem, { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    fs.rmSync(draft);
  }
}

function readKey(file: string): KeyObject {
  try {
    return createPrivateKey(fs.readFileSync(file));
  } catch (cause) {
    throw new AppError("unavailable", `The key that signs manifests cannot be read: ${messageOf(cause)}`, { cause });
  }
}
