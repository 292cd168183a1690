import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PERMISSIONS } from "@/server/auth/permissions";
import { statementOf } from "@/server/http/route";
import { buildForTests } from "../support/console";

const ROOT = path.join(import.meta.dirname, "../..");
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Files Next serves as routes of its own making; they have no handler of ours. */
const METADATA = /^\/(?:icon|favicon|apple-icon|opengraph-image|manifest|robots|sitemap)\b/;

let routes: string[] = [];
beforeAll(async () => {
  await buildForTests();
  const manifest = path.join(ROOT, ".next-test/server/app-paths-manifest.json");
  routes = Object.keys(JSON.parse(fs.readFileSync(manifest, "utf8")))
    .filter((key) => key.endsWith("/route") && !METADATA.test(key))
    .sort();
}, 600_000);

/** A cookie of the reader's own browser, the reader's own mark in a list, and a question too long for an address; nothing of the console changes. */
const WRITES_NOTHING = ["PUT /api/viewer/route", "PUT /api/alerts/read/route", "POST /api/traces/bubble-up/route"];

/** The handlers of a route by method, from the source the build was made of. */
async function handlersOf(key: string): Promise<[string, unknown][]> {
  const module: Record<string, unknown> = await import(path.join(ROOT, "app", `${key}.ts`));
  return Object.entries(module).filter(([name]) => METHODS.includes(name));
}

describe("the routes of the build", () => {
  it("are found at all, and are those of the sources", () => {
    const sources = fs
      .readdirSync(path.join(ROOT, "app"), { recursive: true, encoding: "utf8" })
      .filter((file) => /(?:^|\/)route\.tsx?$/.test(file))
      .map((file) => `/${file.replace(/\.tsx?$/, "")}`);
    expect(routes).toContain("/api/health/route");
    expect(routes).toEqual(sources.sort());
  });

  it("state for every method what it allows", async () => {
    const unguarded: string[] = [];
    for (const key of routes) {
      const handlers = await handlersOf(key);
      expect(handlers, key).not.toEqual([]);
      for (const [method, handler] of handlers) {
        const permission = statementOf(handler)?.allow;
        if (permission === undefined || !PERMISSIONS.includes(permission)) unguarded.push(`${method} ${key}`);
      }
    }
    expect(unguarded).toEqual([]);
  });

  it("let programs in by a token of their own, and under no other address", async () => {
    for (const key of routes) {
      for (const [method, handler] of await handlersOf(key)) {
        const { allow, authenticate } = statementOf(handler) ?? {};
        const isOfPrograms = key.startsWith("/api/v1/");
        expect(authenticate !== undefined, `${method} ${key}`).toBe(isOfPrograms);
        expect(allow === "s3-migrations.report", `${method} ${key}`).toBe(isOfPrograms);
      }
    }
  });

  it("let nobody write with a permission to read", async () => {
    for (const key of routes) {
      for (const [method, handler] of await handlersOf(key)) {
        const name = `${method} ${key}`;
        if (method === "GET" || method === "HEAD" || WRITES_NOTHING.includes(name)) continue;
        expect(statementOf(handler)?.allow, name).not.toMatch(/\.read$/);
      }
    }
  });
});
