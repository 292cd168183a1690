/** @type {import('next').NextConfig} */
export default {
  // Tests build beside the served build, so a test run never removes the build of a running console.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  // Without a root, a lockfile in a parent directory makes Next guess the wrong one.
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "pino"],
  typedRoutes: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  // Types are checked by `npm run check`; a first start should not pay for them.
  typescript: { ignoreBuildErrors: true },
};
