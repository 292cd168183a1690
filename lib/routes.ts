import type { Route } from "next";

export type { Route };

type Query = Record<string, string | number | undefined>;

/** The one place that spells URLs of pages. A page added here is reachable from the rail, the palette and links. */
export const routes = {
  overview: () => "/" as Route,
  traces: (query: Query = {}) => withQuery("/traces", query),
  trace: (traceId: string, query: Query = {}) => withQuery(`/traces/${encodeURIComponent(traceId)}`, query),
  /** Two traces or groups of traces side by side; each side is a trace id, or a search as JSON. */
  compare: ({ a, b, ...query }: { a: string; b: string } & Query) => withQuery("/traces/compare", { a, b, ...query }),
  /** Where the time of the slowest traces of a service or operation goes. */
  criticalPath: (query: Query = {}) => withQuery("/traces/critical-path", query),
  services: (query: Query = {}) => withQuery("/services", query),
  service: (service: string, query: Query = {}) => withQuery(`/services/${encodeURIComponent(service)}`, query),
  runbooks: (query: Query = {}) => withQuery("/runbooks", query),
  /** `id` is the runbook's stable id: source name and path, slashes included. */
  runbook: (id: string, query: Query = {}, anchor = "") =>
    withQuery(`/runbooks/${id.split("/").map(encodeURIComponent).join("/")}`, query, anchor),
  runs: (query: Query = {}) => withQuery("/runs", query),
  run: (id: string, query: Query = {}) => withQuery(`/runs/${encodeURIComponent(id)}`, query),
  s3Migrations: () => "/s3-migrations" as Route,
  newS3Migration: (query: Query = {}) => withQuery("/s3-migrations/new", query),
  s3Migration: (id: string, query: Query = {}) => withQuery(`/s3-migrations/${encodeURIComponent(id)}`, query),
  /** The objects of a migration, as `prefix`, `state`, `tier` and the like narrow them. */
  s3Objects: (id: string, query: Query = {}) => withQuery(`/s3-migrations/${encodeURIComponent(id)}/objects`, query),
  s3Plan: (id: string, query: Query = {}) => withQuery(`/s3-migrations/${encodeURIComponent(id)}/plan`, query),
  activity: (query: Query = {}) => withQuery("/activity", query),
  settings: () => "/settings" as Route,
  signIn: () => "/sign-in" as Route,
  account: () => "/account" as Route,
  people: () => "/people" as Route,
} as const;

/** The page the reader is on under other parameters. `pathname` comes from the router, so that it is a route. */
export function withSearch(pathname: string, search: URLSearchParams): Route {
  const text = search.toString();
  return (text === "" ? pathname : `${pathname}?${text}`) as Route;
}

function withQuery(pathname: string, query: Query, anchor = ""): Route {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  return `${withSearch(pathname, search)}${anchor}` as Route;
}
