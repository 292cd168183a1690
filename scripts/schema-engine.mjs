#!/usr/bin/env node
// Stands in for the native schema engine that Prisma's command line would download: the same JSON-RPC over stdio, served
// by the WebAssembly build npm ships. Used as PRISMA_SCHEMA_ENGINE_BINARY by scripts/prisma.mjs; not used at run time.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { schemaAdapter } from "./schema-engine-adapter.mjs";

const require = createRequire(import.meta.url);
const argv = process.argv.slice(2);
const NO_DATABASE = "postgresql://unset@127.0.0.1:1/unset";

if (argv.includes("--version") || argv.includes("-V")) {
  console.log(`schema-engine-cli ${require("@prisma/engines-version/package.json").prisma.enginesVersion}`);
} else {
  const source = datasource();
  const url = source.url ?? process.env.DATABASE_URL;
  if (argv.includes("cli")) await manageDatabase(url);
  else await serve(await loadEngine(url ?? NO_DATABASE, source.shadowDatabaseUrl));
}

function datasource() {
  const at = argv.indexOf("--datasource");
  const text = at < 0 ? "{}" : (argv[at + 1] ?? "{}");
  return JSON.parse(text.startsWith("{") ? text : Buffer.from(text, "base64").toString());
}

/** `cli can-connect-to-database | create-database | drop-database`. */
async function manageDatabase(url) {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  if (argv.includes("can-connect-to-database")) {
    await connected(url, () => {}).catch((error) => refuse(error.code === "3D000" ? "P1003" : "P1001", error));
    return;
  }
  target.pathname = "/postgres";
  const verb = argv.includes("drop-database") ? "drop database if exists" : "create database";
  await connected(target.href, (client) => client.query(`${verb} ${client.escapeIdentifier(name)}`)).catch((error) =>
    refuse("P1009", error),
  );
}

async function connected(connectionString, work) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function refuse(errorCode, error) {
  // The command line drops the first line of stderr.
  console.error("schema engine");
  const fields = { message: error.message, is_panic: false, error_code: errorCode };
  console.error(
    JSON.stringify({ timestamp: new Date().toISOString(), level: "ERROR", fields, target: "schema_engine::logger" }),
  );
  process.exit(1);
}

/** Loads the engine on first use: unlike the native one it connects to the database when it is made. */
async function loadEngine(url, shadowDatabaseUrl) {
  const directory = path.dirname(require.resolve("@prisma/schema-engine-wasm"));
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };
  const glue = await import(path.join(directory, "schema_engine_bg.js"));
  const code = fs.readFileSync(path.join(directory, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(code, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = readDatamodels();
  let engine;
  return () => {
    engine ??= glue.SchemaEngine.new(
      { datamodels: datamodels.length > 0 ? datamodels : undefined },
      () => {},
      bindMigrationAwareSqlAdapterFactory(schemaAdapter(url, shadowDatabaseUrl)),
    );
    return engine;
  };
}

function readDatamodels() {
  const at = argv.indexOf("--datamodels");
  if (at < 0) return [];
  const rest = argv.slice(at + 1);
  const end = rest.findIndex((argument) => argument.startsWith("--"));
  const files = rest.slice(0, end < 0 ? rest.length : end).flatMap((argument) => argument.split(","));
  return files.map((file) => [file, fs.readFileSync(file, "utf8")]);
}

async function serve(getEngine) {
  const pending = new Set();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { id, method, params } = line.trim() === "" ? {} : JSON.parse(line);
    // A line without a method acknowledges our own `print`.
    if (method === undefined) continue;
    const answering = answer(getEngine, { id, method, params }).finally(() => pending.delete(answering));
    pending.add(answering);
  }
  await Promise.all(pending);
  process.exit(0);
}

async function answer(getEngine, { id, method, params }) {
  try {
    const engine = await getEngine();
    const result = method === "getDatabaseVersion" ? await engine.version(null) : await engine[method](params);
    if (method === "diff" && result.stdout) {
      send({ id: 1_000_000 + id, method: "print", params: { content: result.stdout } });
    }
    send({ id, result: result ?? null });
  } catch (error) {
    const message = "An error happened. Check the data field for details.";
    send({ id, error: { code: 4466, message, data: errorData(error) } });
  }
}

function errorData(error) {
  try {
    return JSON.parse(error.message);
  } catch {
    return { is_panic: false, message: String(error?.message ?? error), backtrace: null };
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}
