#!/usr/bin/env node
// Checks a signed manifest of ops-console without the console and without a network. Node 20.19 or newer, nothing else.
//
//   node verify-manifest.mjs manifest.jsonl [--key public.pem] [--directory DIR] [--listing listing.json] [--strip PREFIX]
//
// --key        the console's public key; without it the key inside the manifest is used, and you compare its fingerprint
// --directory  compare size and CRC-32 of the files below DIR
// --listing    compare size and ETag with `aws s3api list-objects-v2 --output json`
// --strip      left off the manifest's keys before they are looked for
//
// Exits 0 when everything agrees, 1 when something does not, 2 when it could not look.
import { createHash, createPublicKey, verify } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { crc32 } from "node:zlib";

const PURPOSE = "ops-console manifest v1";
const SHOWN = 20;
const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
/** Keys may hold line breaks and what turns text around: shown as JSON, with all but printable ASCII escaped. */
const shown = (key) =>
  JSON.stringify(key).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

const problems = [];
let problemCount = 0;
function tell(problem) {
  problemCount += 1;
  if (problems.length < SHOWN) problems.push(problem);
}

/** RFC 6962: a leaf is SHA-256 of 0x00 and the line, a node SHA-256 of 0x01 and both its children. */
function makeTree() {
  const stack = [];
  return {
    add(line) {
      stack.push({ size: 1, hash: sha256(Buffer.from([0]), line) });
      while (stack.length > 1 && stack.at(-1).size === stack.at(-2).size) join();
    },
    root() {
      if (stack.length === 0) return sha256("").toString("hex");
      while (stack.length > 1) join();
      return stack[0].hash.toString("hex");
    },
  };
  function join() {
    const [left, right] = stack.splice(-2);
    stack.push({ size: left.size + right.size, hash: sha256(Buffer.from([1]), left.hash, right.hash) });
  }
}

async function* linesOf(file) {
  const input = fs.createReadStream(file, "utf8");
  // Only \n ends a line: a key may hold every other break.
  let rest = "";
  for await (const chunk of input) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    yield* parts;
  }
  if (rest !== "") yield rest;
}

/** Reads the manifest once; gives its first and last line and calls `each` with every object. */
async function readManifest(file, each) {
  const tree = makeTree();
  let head;
  let held;
  let objects = 0;
  let bytes = 0;
  for await (const line of linesOf(file)) {
    if (head === undefined) {
      head = line;
      continue;
    }
    if (held !== undefined) {
      const object = JSON.parse(held);
      if (typeof object.key !== "string") throw new Error("a line in the middle is no object");
      tree.add(held);
      objects += 1;
      bytes += object.size;
      await each(object);
    }
    held = line;
  }
  if (head === undefined || held === undefined) throw new Error("the manifest is cut short");
  return { head, end: JSON.parse(held), objects, bytes, root: tree.root() };
}

function checkSums({ head, end, objects, bytes, root }, keyFile) {
  if (JSON.parse(head).manifest !== PURPOSE) throw new Error("the first line is not that of a manifest");
  if (typeof end.signature !== "string") throw new Error("the last line has no signature: the manifest is cut short");
  const key = createPublicKey(keyFile === undefined ? end.publicKey : fs.readFileSync(keyFile));
  if (key.asymmetricKeyType !== "ed25519") throw new Error("the key is not an Ed25519 key");
  const signed = [PURPOSE, head, end.objects, end.bytes, end.root].join("\n");
  if (!verify(null, Buffer.from(signed), key, Buffer.from(end.signature, "base64")))
    tell("the signature is not by this key, or the first or last line was altered");
  if (end.objects !== objects) tell(`it says ${end.objects} objects and lists ${objects}`);
  if (end.bytes !== bytes) tell(`it says ${end.bytes} bytes and lists ${bytes}`);
  if (end.root !== root) tell("the Merkle root is not that of its lines: a line was altered, left out or moved");
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}

async function crcOf(file) {
  let sum = 0;
  for await (const chunk of fs.createReadStream(file)) sum = crc32(chunk, sum);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString("base64");
}

function compareWithDirectory(directory) {
  const seen = new Set();
  const look = async ({ key, size, crc32: sum }) => {
    const file = path.join(directory, key);
    if (!file.startsWith(path.resolve(directory) + path.sep))
      return tell(`${shown(key)} would lie outside the directory`);
    seen.add(file);
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return tell(`${shown(key)} is not in the directory`);
    if (stat.size !== size) return tell(`${shown(key)} has ${stat.size} bytes, not ${size}`);
    if (sum !== null && (await crcOf(file)) !== sum) tell(`${shown(key)} has other bytes`);
  };
  const finish = () => {
    for (const entry of fs.readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isDirectory() && !seen.has(file))
        tell(`${shown(path.relative(directory, file))} is not in the manifest`);
    }
  };
  return { look, finish };
}

function compareWithListing(file) {
  const { Contents = [] } = JSON.parse(fs.readFileSync(file, "utf8"));
  const listed = new Map(Contents.map((entry) => [entry.Key, entry]));
  const bare = (etag) => etag.replace(/^"|"$/g, "");
  const look = ({ key, size, etag }) => {
    const entry = listed.get(key);
    if (entry === undefined) return tell(`${shown(key)} is not in the listing`);
    listed.delete(key);
    if (entry.Size !== size) return tell(`${shown(key)} has ${entry.Size} bytes, not ${size}`);
    if (etag !== null && entry.ETag !== undefined && bare(entry.ETag) !== bare(etag))
      tell(`${shown(key)} has another ETag`);
  };
  const finish = () => {
    for (const key of listed.keys()) tell(`${shown(key)} is not in the manifest`);
  };
  return { look, finish };
}

async function main() {
  const text = { type: "string" };
  const options = { key: text, directory: text, listing: text, strip: text };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length !== 1) throw new Error("name one manifest file");
  const strip = values.strip ?? "";
  const comparisons = [
    ...(values.directory === undefined ? [] : [compareWithDirectory(path.resolve(values.directory))]),
    ...(values.listing === undefined ? [] : [compareWithListing(values.listing)]),
  ];
  const read = await readManifest(positionals[0], async (object) => {
    const key = object.key.startsWith(strip) ? object.key.slice(strip.length) : object.key;
    for (const { look } of comparisons) await look({ ...object, key });
  });
  const fingerprint = checkSums(read, values.key);
  for (const { finish } of comparisons) finish();
  for (const problem of problems) console.error(`WRONG  ${problem}`);
  if (problemCount > problems.length) console.error(`WRONG  and ${problemCount - problems.length} more`);
  if (problemCount > 0) return 1;
  console.log(`ok     ${read.objects} objects, ${read.bytes} bytes, Merkle root ${read.root}`);
  console.log(`ok     signed by the key with SHA-256 ${fingerprint}`);
  if (values.key === undefined)
    console.log("note   the key came with the manifest: compare its SHA-256 with the console's");
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`verify-manifest: ${error.message}`);
    process.exitCode = 2;
  },
);
