import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { codeOf } from "@/lib/errors";
import { env } from "@/server/config/env";

/** Crockford's letters: none is taken for another when it is read out. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LETTERS = 20;

/** SHA-256 in hex: enough for secrets of 100 random bits and more, which nobody can try through. */
export const hashOfSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** 100 random bits to be typed once: `7K2QM-…` in four groups of five. */
export function makeCode(): string {
  const letters = [...randomBytes(CODE_LETTERS)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
  return letters.replaceAll(/(.{5})(?!$)/g, "$1-");
}

/** As it was made, however it was typed. */
export function normaliseCode(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return letters.replaceAll(/(.{5})(?!$)/g, "$1-");
}

/**
 * What signs cookies: `OPS_AUTH_SECRET`, else a secret made once in the data directory. Knowing it lets nobody in: a
 * cookie holds a random token too, of which the database has the hash.
 */
export function cookieSecret(): string {
  const { OPS_AUTH_SECRET, OPS_DATA_DIR } = env();
  if (OPS_AUTH_SECRET !== undefined) return OPS_AUTH_SECRET;
  const file = path.join(OPS_DATA_DIR, "auth-secret");
  try {
    fs.mkdirSync(OPS_DATA_DIR, { recursive: true });
    fs.writeFileSync(file, randomBytes(48).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  return fs.readFileSync(file, "utf8").trim();
}
