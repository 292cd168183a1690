import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "../..");
type Operation = { operationId: string; summary: string; "x-permission": string };
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, unknown> } };
const document: Document = JSON.parse(fs.readFileSync(path.join(ROOT, "docs/openapi.json"), "utf8"));

describe("docs/openapi.json", () => {
  it("says what the routes of this tree state", () => {
    const run = spawnSync(process.execPath, ["scripts/openapi.mjs", "--check"], { cwd: ROOT, encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
  });

  it("has every address of the API but the answer to unknown ones", () => {
    const addresses = fs
      .readdirSync(path.join(ROOT, "app/api"), { recursive: true, encoding: "utf8" })
      .filter((file) => path.basename(file) === "route.ts")
      .filter((file) => !file.includes("[["))
      .map((file) => `/api/${path.dirname(file)}`.replace(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}"));
    expect(Object.keys(document.paths).sort()).toEqual(addresses.sort());
  });

  it("names each operation once and points only at what it holds", () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const operation of operations) expect(operation.summary, operation.operationId).toMatch(/^[A-Z].{5,}/);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
    expect(references.length).toBeGreaterThan(30);
    for (const target of references) {
      const name = /^#\/components\/schemas\/(.+)$/.exec(target ?? "")?.[1];
      expect(document.components.schemas).toHaveProperty(name ?? String(target));
    }
  });
});
