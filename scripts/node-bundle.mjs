import path from "node:path";

/** How esbuild makes our own code run on plain Node, next to what npm installed. */
export const nodeBundle = (root) => ({
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  conditions: ["react-server"],
  // Outside React's bundler the marker package has nothing to guard.
  alias: { "server-only": path.join(root, "node_modules/server-only/empty.js") },
  logLevel: "warning",
});
