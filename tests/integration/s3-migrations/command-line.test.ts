import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { s3MigrationDetailSchema, s3MigrationSnapshotSchema } from "@/features/s3-migrations/contract";
import { startConsole, type TestConsole } from "@/tests/support/console";
import { type Ran, runCommand } from "@/tests/support/run-command";
import { hashFiles, makeManyFiles, type S3World, startS3World } from "@/tests/support/s3-world";

const FILES = 60;
let server: TestConsole;
let world: S3World;
let root: string;

beforeAll(async () => {
  [server, world] = await Promise.all([startConsole(), startS3World()]);
  root = await world.makeFiles({});
  makeManyFiles(root, FILES);
}, 240_000);
afterAll(async () => {
  await server?.stop();
  await world?.stop();
});

/** `ops-console s3 …` as typed, standing in the parent of the directory to copy. */
const run = (...args: string[]): Promise<Ran> => runCommand(server, ["s3", ...args], { cwd: path.dirname(root) });

/** Plans the copy of the directory, by its relative path, to a fresh bucket. */
async function plan(...more: string[]): Promise<{ bucket: string; ran: Ran }> {
  const bucket = await world.makeBucket();
  const from = `./${path.basename(root)}`;
  const to = ["--endpoint", world.endpoint, "--profile", "ops-console-local"];
  return { bucket, ran: await run("plan", "--from", from, "--to", `s3://${bucket}/up/`, ...to, ...more) };
}

const snapshotOf = (text: string) => s3MigrationSnapshotSchema.parse(JSON.parse(text));

it("looks before anything is planned", { timeout: 60_000 }, async () => {
  const { ran } = await plan("--dry-run");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain(`${FILES} objects`);
  expect(ran.stdout).toContain("Ready.");
});

it("plans, starts, follows to the end and shows what was proven", { timeout: 120_000 }, async () => {
  const { bucket, ran } = await plan("--name", "From the shell", "--json");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const { id } = snapshotOf(ran.stdout);
  await untilPlanned(id);
  expect(await run("start", id, "--reason", "asked for")).toMatchObject({ code: 0, stderr: "" });
  const watched = await run("watch", id, "--json");
  expect(watched).toMatchObject({ code: 0, stderr: "" });
  const frames = watched.stdout.trim().split("\n").map(snapshotOf);
  expect(frames.at(-1)).toMatchObject({ state: "verified", counts: { verified: FILES } });
  expect(frames.map(({ version }) => version)).toEqual([...frames.map(({ version }) => version)].sort((a, b) => a - b));
  const shown = await run("show", id);
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toContain(`${root} → s3://${bucket}/up/`);
  expect(shown.stdout).toMatch(new RegExp(`${FILES}  proven by stored`));
  const { commands } = s3MigrationDetailSchema.parse(JSON.parse((await run("show", id, "--json")).stdout));
  expect(commands).toMatchObject([{ verb: "start", reason: "asked for" }]);
  expect((await runCommand(server, ["s3-migration", "status", id], { cwd: root })).stdout).toBe(shown.stdout);
  const listed = await run("list");
  expect(listed.stdout).toContain("From the shell");
  const expected = [...(await hashFiles(root))].map(([key, hash]) => [`up/${key}`, hash]).sort();
  expect([...(await world.hashBucket(bucket))].sort()).toEqual(expected);
});

it("writes reports, and a manifest that its checker believes", { timeout: 120_000 }, async () => {
  const { ran } = await plan("--start", "--json");
  const { id } = snapshotOf(ran.stdout);
  expect(await run("watch", id)).toMatchObject({ code: 0 });
  const csv = await run("report", id, "--format", "csv");
  expect(csv.stdout.trim().split("\r\n")).toHaveLength(FILES + 1);
  expect(await run("export", id, "--output", "proof.jsonl")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  const proof = path.join(path.dirname(root), "proof.jsonl");
  expect(readFileSync(proof, "utf8").trim().split("\n")).toHaveLength(FILES + 2);
  const [pem = ""] = (await run("export", "--public-key")).stdout.split("SHA-256");
  const key = path.join(path.dirname(root), "key.pem");
  writeFileSync(key, pem);
  const checker = path.join(import.meta.dirname, "../../../clients/verify-manifest.mjs");
  const options = ["--key", key, "--directory", root, "--strip", "up/"];
  const said = execFileSync(process.execPath, [checker, proof, ...options], { encoding: "utf8" });
  expect(said).toContain(`${FILES} objects`);
});

it("proves what was copied by others", { timeout: 120_000 }, async () => {
  const { bucket, ran } = await plan("--start", "--json");
  await run("watch", snapshotOf(ran.stdout).id);
  const to = ["--to", `s3://${bucket}/up/`, "--endpoint", world.endpoint, "--profile", "ops-console-local"];
  const proving = await run("verify", "--from", `./${path.basename(root)}`, ...to, "--json");
  expect(snapshotOf(proving.stdout).options.mode).toBe("verify_only");
  expect(await run("watch", snapshotOf(proving.stdout).id)).toMatchObject({ code: 0 });
});

it("cancels a running migration; the one that watches it is told so", { timeout: 120_000 }, async () => {
  const { ran } = await plan("--rate", "2", "--start", "--json");
  const { id } = snapshotOf(ran.stdout);
  const watching = run("watch", id);
  expect(await run("cancel", id)).toMatchObject({ code: 0, stderr: "" });
  const watched = await watching;
  expect(watched).toMatchObject({ code: 1, stderr: "" });
  expect(watched.stdout.trim().split("\n").at(-1)).toMatch(/^cancelled · /);
  expect((await run("show", id)).stdout).toContain("cancelled");
});

it("says in one line what is wrong, and exits 1 for a refusal and 2 for a wrong argument", {
  timeout: 60_000,
}, async () => {
  const { stderr, code } = await run("show", "00000000-0000-4000-8000-000000000000");
  expect([stderr, code]).toEqual(["ops-console: There is no S3 migration with this id.\n", 1]);
  const toDirectory = await run("plan", "--from", ".", "--to", "./elsewhere");
  expect(toDirectory).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Write the destination as s3://bucket/prefix."),
  });
});

async function untilPlanned(id: string): Promise<void> {
  await expect
    .poll(async () => JSON.parse((await run("show", id, "--json")).stdout).snapshot.state, { timeout: 30_000 })
    .toBe("planned");
}
