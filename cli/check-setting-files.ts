import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { priceTableSchema } from "@/features/s3-migrations/contract";
import { AppError, codeOf, messageOf } from "@/lib/errors";
import type { Env } from "@/server/config/env";
import { type Finding, fail, ok } from "@/server/doctor/finding";

type Files = Pick<Env, "OPS_MANIFEST_KEY" | "OPS_S3_PRICES">;

/** Refuses, by name, settings whose file is missing or is not what it should be: not when a report is to be signed. */
export async function assertSettingFiles(settings: Files): Promise<void> {
  const wrong = (await checkSettingFiles(settings)).filter(({ status }) => status === "fail");
  if (wrong.length === 0) return;
  const lines = wrong.map(({ name, message, cure = "" }) => `${name}: ${message}. ${cure}`);
  throw new AppError("invalid_input", `The environment is not usable.\n  ${lines.join("\n  ")}`);
}

/** What the settings that name a file find in it. */
export async function checkSettingFiles({ OPS_MANIFEST_KEY, OPS_S3_PRICES }: Files): Promise<Finding[]> {
  return [
    OPS_MANIFEST_KEY === undefined
      ? ok("OPS_MANIFEST_KEY", "unset: the key that signs manifests is made in the data directory")
      : checkKey(OPS_MANIFEST_KEY),
    OPS_S3_PRICES === undefined
      ? ok("OPS_S3_PRICES", "unset: the list prices that come with the console")
      : checkPrices(OPS_S3_PRICES),
  ];
}

function checkKey(file: string): Finding {
  const cure = "Name the PEM file of an Ed25519 private key, as openssl genpkey -algorithm ed25519 writes one.";
  const text = read(file);
  if (typeof text !== "string") return fail("OPS_MANIFEST_KEY", text.problem, cure);
  try {
    const { asymmetricKeyType } = createPrivateKey(text);
    return asymmetricKeyType === "ed25519"
      ? ok("OPS_MANIFEST_KEY", `${file} holds an Ed25519 key`)
      : fail("OPS_MANIFEST_KEY", `${file} holds a key of the kind ${asymmetricKeyType}`, cure);
  } catch {
    // What OpenSSL says of a file that is no key helps nobody.
    return fail("OPS_MANIFEST_KEY", `${file} holds no private key`, cure);
  }
}

function checkPrices(file: string): Finding {
  const cure = "Write it like config/s3-prices.json, or leave it unset.";
  const text = read(file);
  if (typeof text !== "string") return fail("OPS_S3_PRICES", text.problem, cure);
  try {
    const table = z.safeParse(priceTableSchema, JSON.parse(text));
    if (table.success)
      return ok("OPS_S3_PRICES", `${file}, ${table.data.prices.length} prices as of ${table.data.asOf}`);
    const [issue] = table.error.issues;
    const where = issue?.path.join(".") || "the whole";
    return fail("OPS_S3_PRICES", `${file} is no table of prices: ${where} is wrong or missing`, cure);
  } catch (error) {
    return fail("OPS_S3_PRICES", `${file} is no JSON (${messageOf(error)})`, cure);
  }
}

function read(file: string): string | { problem: string } {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return { problem: `${file} cannot be read (${codeOf(error) ?? messageOf(error)})` };
  }
}
