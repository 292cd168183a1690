import { generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { assertSettingFiles, checkSettingFiles } from "./check-setting-files";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-setting-files-"));
afterAll(() => fs.rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
  const place = path.join(dir, name);
  fs.writeFileSync(place, text);
  return place;
}
const pem = (kind: "ed25519" | "x25519") =>
  generateKeyPairSync(kind as "ed25519")
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
const PRICES = fs.readFileSync("config/s3-prices.json", "utf8");
const none = { OPS_MANIFEST_KEY: undefined, OPS_S3_PRICES: undefined };

describe("checkSettingFiles", () => {
  it.each([
    ["a key", { OPS_MANIFEST_KEY: file("ed.pem", pem("ed25519")) }],
    ["a table of prices", { OPS_S3_PRICES: file("prices.json", PRICES) }],
    ["nothing", {}],
  ])("takes %s", async (_title, settings) => {
    await expect(assertSettingFiles({ ...none, ...settings })).resolves.toBeUndefined();
    const findings = await checkSettingFiles({ ...none, ...settings });
    expect(findings.map(({ name, status }) => [name, status])).toEqual([
      ["OPS_MANIFEST_KEY", "ok"],
      ["OPS_S3_PRICES", "ok"],
    ]);
  });

  it.each([
    ["OPS_MANIFEST_KEY", "a file that is not there", "/nope", "ENOENT"],
    ["OPS_MANIFEST_KEY", "a file that is no key", file("x", "x"), "no private key"],
    ["OPS_MANIFEST_KEY", "a key of another kind", file("x25519.pem", pem("x25519")), "x25519"],
    ["OPS_S3_PRICES", "a file that is not there", "/nope", "ENOENT"],
    ["OPS_S3_PRICES", "a file that is no JSON", file("y", "y"), "no JSON"],
    ["OPS_S3_PRICES", "JSON without prices", file("z", "{}"), "asOf"],
  ])("refuses for %s %s, by name", async (name, _what, place, reason) => {
    await expect(assertSettingFiles({ ...none, [name]: place })).rejects.toThrow(
      new RegExp(`${name}: .*${place}.*${reason}|${name}: .*${reason}`),
    );
  });
});
