// What the pages take of zod, bundled by itself. Turbopack keeps of a package whatever any of its modules names, used or
// not: 23 kB came where 11 do.
import fs from "node:fs";
import path from "node:path";

/** Where they are, for `next.config.js`. */
export const SLIM_ZOD_FOLDER = "node_modules/.cache/ops-console/zod";
/** What follows `<` is a type, and so is all of `core`, which holds everything. */
const NAMED = /\bz\s*\.(?!core\b)(\w+)(?!\w|\s*<)/g;
const SOURCES = ["app", "components", "features", "lib"];

/** The parts of `zod/mini` that sources name, as files of their own for `next.config.js` to put in its place. */
export async function slimZod() {
  const { build } = await import("esbuild");
  const known = Object.keys(await import("zod/mini"));
  const used = namesUsed().filter((name) => known.includes(name));
  fs.mkdirSync(SLIM_ZOD_FOLDER, { recursive: true });
  fs.writeFileSync(path.join(SLIM_ZOD_FOLDER, "mini-used.mjs"), `export { ${used.join(", ")} } from "zod/mini";\n`);
  fs.writeFileSync(path.join(SLIM_ZOD_FOLDER, "en-used.mjs"), 'export { default } from "zod/v4/locales/en.js";\n');
  await build({
    entryPoints: { mini: `${SLIM_ZOD_FOLDER}/mini-used.mjs`, en: `${SLIM_ZOD_FOLDER}/en-used.mjs` },
    outdir: SLIM_ZOD_FOLDER,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minifySyntax: true,
    logLevel: "warning",
  });
}

function namesUsed() {
  const files = SOURCES.flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true })
      .flatMap((file) => (/\.tsx?$/.test(file) ? [path.join(folder, file)] : [])),
  );
  const texts = files.map((file) => fs.readFileSync(file, "utf8")).filter((text) => text.includes('"zod/mini"'));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(NAMED)].map(([, name]) => name)))].sort();
}
