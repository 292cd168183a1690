/** Everything a request can be allowed to do; a route names one (docs/threats.md has the role matrix). */
export const PERMISSIONS = [
  "console.health",
  // To sign in and out, and to ask who one is: everybody's.
  "session.open",
  "account.manage",
  "people.manage",
  "console.read",
  "traces.read",
  "traces.upload",
  "traces.write",
  "runbooks.read",
  "runs.write",
  "s3-migrations.read",
  "s3-migrations.command",
  "s3-migrations.define",
  // Of a job with a token alone; no person has it.
  "s3-migrations.report",
  "sample.manage",
  "audit.export",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export type Role = "anonymous" | "viewer" | "operator" | "admin" | "local" | "job";

/** Who is asking. `local` is the person at a loopback console without login, `job` a program with a token. */
export type Viewer = {
  id: string;
  name: string;
  role: Role;
  /** Of a person who is signed in. */
  session?: { id: string; email: string };
};

const READS: Permission[] = [
  "console.health",
  "session.open",
  "account.manage",
  "console.read",
  "traces.read",
  "runbooks.read",
  "s3-migrations.read",
];
const OPERATES: Permission[] = [...READS, "traces.upload", "traces.write", "runs.write", "s3-migrations.command"];
const OF_PEOPLE = PERMISSIONS.filter((permission) => permission !== "s3-migrations.report");
/** Without sign-in there are no accounts. */
const OF_LOCAL = OF_PEOPLE.filter((permission) => !["account.manage", "people.manage"].includes(permission));

const GRANTS: Record<Role, ReadonlySet<Permission>> = {
  anonymous: new Set<Permission>(["console.health", "session.open"]),
  viewer: new Set(READS),
  operator: new Set(OPERATES),
  admin: new Set(OF_PEOPLE),
  local: new Set(OF_LOCAL),
  job: new Set<Permission>(["s3-migrations.report"]),
};

/** Deny by default: only what the matrix lists. */
export function isAllowed(viewer: Viewer, permission: Permission): boolean {
  return GRANTS[viewer.role].has(permission);
}
