// The import law (docs/architecture.md). Each rule names what it forbids; `npm run check` also asserts the module count,
// because a cruise that sees no modules would pass in silence.
const TEST = "\\.(test|bench)\\.tsx?$|^tests/";
const ENTRY = "^(app|web|worker|collector|cli)/|^(proxy|instrumentation)\\.ts$";
const DOORS =
  "^features/[^/]+/(contract\\.ts|queries\\.ts|terminal\\.ts|server/index\\.ts|ui/[^/]+-(screen|panel)\\.tsx)$";
const BROWSER = { path: "^(components/|features/[^/]+/(ui/|queries\\.ts|contract\\.ts))" };
const PURE = ["^lib/", "^node_modules/zod/"];
// Libraries that turn text into data and touch nothing else: a domain may parse with them.
const PARSERS = [
  "^node_modules/(yaml|unified|remark-parse|remark-gfm|picomatch|mdast-comment-marker|@marcbachmann/cel-js)/",
  "^node_modules/(remark-rehype|rehype-(raw|sanitize|highlight)|gemoji|github-slugger)/",
  "^node_modules/@types/(hast|mdast|unist|picomatch)/",
];
const rule = (name, from, to) => ({ name, severity: "error", from: { pathNot: TEST, ...from }, to });

module.exports = {
  forbidden: [
    rule("no-cycles", {}, { circular: true }),
    rule("lib-is-a-leaf", { path: "^lib/" }, { pathNot: [...PURE, "^node_modules/next/"] }),
    rule(
      "lib-takes-only-types-from-next",
      { path: "^lib/" },
      { path: "^node_modules/next/", dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "domain-is-pure",
      { path: "^features/([^/]+)/domain/" },
      { pathNot: ["^features/$1/domain/", ...PURE, ...PARSERS] },
    ),
    rule(
      "contract-is-isomorphic",
      { path: "^features/([^/]+)/contract\\.ts$" },
      { pathNot: ["^features/$1/domain/", ...PURE] },
    ),
    rule("browser-never-reaches-server", BROWSER, {
      path: ["(^|/)server/", "^prisma/"],
      dependencyTypesNot: ["type-only"],
    }),
    rule("browser-uses-no-node-builtin", BROWSER, { dependencyTypes: ["core"] }),
    rule("components-know-no-feature", { path: "^components/" }, { path: "^features/" }),
    rule("infra-knows-no-feature", { path: "^server/" }, { path: "^(features|components)/" }),
    rule("features-never-meet", { path: "^features/([^/]+)/" }, { path: "^features/", pathNot: "^features/$1/" }),
    rule(
      "server-renders-nothing",
      { path: "^features/[^/]+/server/" },
      { path: "^(components/|features/[^/]+/(ui/|queries\\.ts))" },
    ),
    rule("outsiders-use-the-doors", { path: ENTRY }, { path: "^features/", pathNot: DOORS }),
    rule(
      "only-repositories-touch-the-db",
      { pathNot: [TEST, "-repository\\.ts$", "^server/(auth|db|jobs|realtime|supervisor)/", "^prisma/"] },
      { path: "^server/db/" },
    ),
    rule("nobody-imports-an-entry", { pathNot: [TEST, ENTRY] }, { path: ENTRY }),
    rule("no-test-code-in-production", {}, { path: TEST }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^server/db/generated/|\\.next" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
