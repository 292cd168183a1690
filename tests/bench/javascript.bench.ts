import fs from "node:fs";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { buildForTests } from "../support/console";
import { reportFigure } from "./report-figure";

/** JavaScript a browser loads for each page before it works, packed as it travels. What a page loads later is not in it. */
const BUDGET_KB = 220;
const STATS = ".next-test/diagnostics/route-bundle-stats.json";
const statsSchema = z.array(z.object({ route: z.string(), firstLoadChunkPaths: z.array(z.string()) })).min(1);

await buildForTests();
const sizes = new Map<string, number>();
console.log("javascript: first load per page, gzip");
for (const { route, firstLoadChunkPaths } of statsSchema.parse(JSON.parse(fs.readFileSync(STATS, "utf8")))) {
  const bytes = firstLoadChunkPaths.filter((file) => file.endsWith(".js")).reduce((sum, file) => sum + packed(file), 0);
  reportFigure({ what: route, value: bytes / 1000, unit: "kB", budget: BUDGET_KB });
}

function packed(file: string): number {
  const size = sizes.get(file) ?? gzipSync(fs.readFileSync(file)).length;
  sizes.set(file, size);
  return size;
}
