import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReportFormat } from "@/features/s3-migrations/contract";
import { createS3Migration, readManifestKey } from "@/features/s3-migrations/server";
import { reportText } from "@/features/s3-migrations/server/report/answer-report";
import { recount, waitFor } from "@/tests/support/s3-engine";
import { makeInventory } from "@/tests/support/s3-inventory";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();
const CHECKER = path.join(import.meta.dirname, "../../../clients/verify-manifest.mjs");
const FILES = { "a.txt": "one", "b/=cmd().txt": "two", "c <b>\u202e.txt": "three", "d\ne.txt": "", "=sum": "5" };
let dir: string;
let manifest: string;
let source: string;
let id: string;

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-report-"));
  process.env.OPS_DATA_DIR = path.join(dir, "data");
});

async function read(format: ReportFormat, of = id): Promise<string> {
  let text = "";
  for await (const piece of await reportText(of, format)) text += piece.toString();
  return text;
}

function check(text: string, ...more: string[]): Promise<{ code: number; output: string }> {
  const file = path.join(dir, "manifest.jsonl");
  fs.writeFileSync(file, text);
  return new Promise((resolve) =>
    execFile(process.execPath, [CHECKER, file, ...more], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    ),
  );
}

describe("the reports of a migration", () => {
  it("count what a recount counts, and run nowhere", { timeout: 60_000 }, async () => {
    source = await stage.world.makeFiles(FILES);
    const bucket = await stage.world.makeBucket();
    await stage.world.put(bucket, "=sum", "somebody else's");
    stage.runEngine();
    const input = { source: { kind: "local" as const, path: source }, options: { stopAtFailedShare: 1 }, start: true };
    const destination = stage.world.destination(bucket);
    ({ id } = await createS3Migration({ name: "<i>x</i>", destination, ...input }, { name: "ada" }));
    await waitFor(id, ({ state }) => state === "verified" || state === "failed");
    const { chunks } = await recount(id);
    const rows: Record<string, string>[] = parse(await read("csv"), { columns: true, record_delimiter: "\r\n" });
    expect(rows).toHaveLength(chunks.n ?? -1);
    expect(rows.filter(({ state }) => state === "verified")).toHaveLength(chunks.verified ?? -1);
    expect(rows.map(({ key }) => key)).toContain("'=sum");
    const json = JSON.parse(await read("json"));
    expect(json).toMatchObject({ migration: { counts: { verified: 4, conflict: 1 } }, failures: [{ key: "=sum" }] });
    const html = await read("html");
    expect(html).toContain("&lt;i&gt;x&lt;/i&gt;");
    expect(html).not.toMatch(/<i>|<script|src=|href=|\u202e/);
    expect(html).toContain("KeyExists");
  });

  it("hold a manifest that is checked offline, by its key, its files and a listing", async () => {
    manifest = await read("manifest");
    const key = path.join(dir, "public.pem");
    fs.writeFileSync(key, (await readManifestKey()).publicKey);
    fs.rmSync(path.join(source, "=sum"));
    const checked = await check(manifest, "--key", key, "--directory", source);
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining("4 objects") });
    expect(fs.statSync(path.join(dir, "data/manifest-key.pem")).mode & 0o777).toBe(0o600);
    const lines = manifest.trim().split("\n").slice(1, -1);
    const Contents = lines
      .map((line) => JSON.parse(line))
      .map((o) => ({ Key: o.key, Size: o.size, ETag: `"${o.etag}"` }));
    const listing = path.join(dir, "listing.json");
    fs.writeFileSync(listing, JSON.stringify({ Contents }));
    expect(await check(manifest, "--listing", listing)).toMatchObject({ code: 0 });
    fs.writeFileSync(listing, JSON.stringify({ Contents: Contents.slice(1) }));
    expect(await check(manifest, "--listing", listing)).toMatchObject({ code: 1 });
    fs.writeFileSync(path.join(source, "a.txt"), "oNe");
    const other = await check(manifest, "--directory", source);
    expect(other).toMatchObject({ code: 1, output: expect.stringContaining('"a.txt" has other bytes') });
  });

  it("are refused by the checker after any alteration", { timeout: 60_000 }, async () => {
    const [head = "", ...rest] = manifest.trimEnd().split("\n");
    const [first = "", second = "", ...more] = rest;
    const end = rest.at(-1) ?? "";
    const altered = {
      "a line dropped": [head, second, ...more],
      "a pair swapped": [head, second, first, ...more],
      "a line twice": [head, first, first, second, ...more],
      "a bit of an object flipped": [head, first.replace("a", "`"), second, ...more],
      "a bit of the head flipped": [head.replace("verified", "verifiee").replace("failed", "faileD"), ...rest],
      "a bit of the root flipped": [
        head,
        ...rest.slice(0, -1),
        end.replace(/"root":"(.)/, (_, c) => `"root":"${c === "0" ? "1" : "0"}`),
      ],
      "the end cut off": [head, ...rest.slice(0, -1)],
    };
    for (const [name, lines] of Object.entries(altered)) {
      expect(lines, name).not.toEqual([head, ...rest]);
      expect((await check(`${lines.join("\n")}\n`)).code, name).not.toBe(0);
    }
    expect((await check(manifest)).code).toBe(0);
  });

  it("agree on the root whatever the number of lines", { timeout: 60_000 }, async () => {
    for (const objects of [1, 2, 3, 5, 8, 2001, 4000]) {
      const { id: of } = await makeInventory({ objects });
      expect(await check(await read("manifest", of)), String(objects)).toMatchObject({
        code: 0,
        output: expect.stringContaining(`${objects} objects`),
      });
    }
  });
});
