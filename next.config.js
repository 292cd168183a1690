import { SLIM_ZOD_FOLDER } from "./scripts/slim-zod.mjs";

/** @type {import('next').NextConfig} */
export default {
  // Tests build beside the served build, so a test run never removes the build of a running console.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  // Without a root, a lockfile in a parent directory makes Next guess the wrong one.
  turbopack: {
    root: import.meta.dirname,
    // Made by scripts/slim-zod.mjs: what pages take of zod, without the rest.
    resolveAlias: {
      "zod/mini": { browser: `./${SLIM_ZOD_FOLDER}/mini.mjs` },
      "zod/v4/locales/en.js": { browser: `./${SLIM_ZOD_FOLDER}/en.mjs` },
    },
  },
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "pino"],
  typedRoutes: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  // Types are checked by `npm run check`; a first start should not pay for them.
  typescript: { ignoreBuildErrors: true },
  // A first start waits for the build: without these two it takes two thirds of the time and half of the disk.
  experimental: { serverMinification: false, turbopackFileSystemCacheForBuild: false },
};
