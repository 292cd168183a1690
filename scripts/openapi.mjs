// npm run openapi: writes docs/openapi.json from what the routes of app/api state; `--check` only says whether it is true.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { nodeBundle } from "./node-bundle.mjs";

const ROOT = path.join(import.meta.dirname, "..");
const DOCUMENT = path.join(ROOT, "docs/openapi.json");
const BUNDLE = path.join(ROOT, "node_modules/.cache/ops-console-openapi.mjs");

const routes = fs
  .readdirSync(path.join(ROOT, "app/api"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "route.ts")
  .map((file) => path.join("app/api", file))
  .sort();

/** Schemas that many answers hold: they stand once in the document, under these names. Answers only: input differs. */
const NAMED = {
  S3Migration: ["@/features/s3-migrations/contract", "s3MigrationSnapshotSchema"],
  S3PlanFacts: ["@/features/s3-migrations/domain/plan-facts", "planFactsSchema"],
  TraceSummary: ["@/features/traces/contract", "traceSummarySchema"],
};

const source = `
import { z } from "zod";
import { toOpenApi } from "@/server/http/openapi";
${Object.values(NAMED)
  .map(([file, name]) => `import { ${name} } from ${JSON.stringify(file)};`)
  .join("\n")}
${Object.entries(NAMED)
  .map(([id, [, name]]) => `z.globalRegistry.add(${name}, { id: ${JSON.stringify(id)} });`)
  .join("\n")}
import { statementOf } from "@/server/http/route";
${routes.map((file, i) => `import * as route${i} from ${JSON.stringify(`@/${file}`)};`).join("\n")}
const modules = [${routes.map((file, i) => `[${JSON.stringify(`/${path.dirname(file).slice("app/".length)}`)}, route${i}]`).join(", ")}];
const operations = modules.flatMap(([path, module]) =>
  Object.entries(module)
    .map(([method, handler]) => ({ path, method, statement: statementOf(handler) }))
    .filter(({ statement }) => statement !== undefined));
export default (version) => toOpenApi(operations, { version });
`;

await build({
  stdin: { contents: source, resolveDir: ROOT, sourcefile: "openapi-entry.ts", loader: "ts" },
  outfile: BUNDLE,
  ...nodeBundle(ROOT),
});
const { default: toDocument } = await import(pathToFileURL(BUNDLE).href);
const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
const text = `${JSON.stringify(toDocument(version), undefined, 1)}\n`;
if (!process.argv.includes("--check")) {
  fs.writeFileSync(DOCUMENT, text);
  console.log(`docs/openapi.json: ${routes.length} addresses, ${(text.length / 1024).toFixed(0)} KiB`);
} else if (!fs.existsSync(DOCUMENT) || fs.readFileSync(DOCUMENT, "utf8") !== text) {
  console.error("docs/openapi.json does not tell what the routes state. Run: npm run openapi");
  process.exitCode = 1;
}
// The routes' modules may hold timers and connections of their own.
process.exit();
