import type { Random } from "../seeded-random";
import type { Attributes } from "../trace-recorder";
import { type SpanStep, type Step, work } from "./step";

export type Conventions = "old" | "new";
export const LANGUAGES = ["ruby", "python", "node", "go", "java"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a service's spans look: names as its language's instrumentation gives them, attributes by its conventions. */
export type Dialect = {
  service: string;
  language: Language;
  conventions: Conventions;
  /** Some leave out what a call said, or to whom. */
  hasStatements: boolean;
  hasPeers: boolean;
  database: string;
};

type Pair = [old: Attributes, now: Attributes];
const choose = ({ conventions }: Dialect, [old, now]: Pair): Attributes => (conventions === "old" ? old : now);
const peer = (dialect: Dialect, host: string, port: number): Attributes =>
  dialect.hasPeers
    ? choose(dialect, [
        { "net.peer.name": host, "net.peer.port": port },
        { "server.address": host, "server.port": port },
      ])
    : {};

type Values = "identical" | "literals" | "parameters" | "prepared";
export type QueryOptions = { table: string; us: number; verb?: string; values?: Values; system?: string };

/** A statement, in the library's own span where the language has one around the driver's. */
export function query(dialect: Dialect, { table, us, ...options }: QueryOptions): SpanStep {
  const {
    verb = "SELECT",
    values = "parameters",
    system = dialect.language === "node" ? "mysql" : "postgresql",
  } = options;
  const text = (random: Random): string => {
    const id = random.between(1, 1e6);
    const value =
      values === "literals" ? `${id}` : values === "identical" ? "7" : dialect.language === "java" ? "?" : "$1";
    if (verb === "UPDATE") return `UPDATE ${table} SET seen_at = now() WHERE id = ${value}`;
    if (verb === "INSERT") return `INSERT INTO ${table} (owner, state) VALUES (${value}, 'new')`;
    const quoted = values === "literals" ? ` AND owner = 'user-${id}'` : "";
    return `SELECT t.* FROM ${table} t WHERE t.id = ${value}${quoted} LIMIT 1`;
  };
  return {
    is: "span",
    name: queryName(dialect, verb, table, values),
    service: dialect.service,
    kind: "client",
    attributes: (random) => {
      const said =
        values === "prepared"
          ? { "db.postgresql.prepared_statement_name": `a${table.length}` }
          : statement(dialect, text(random));
      return {
        ...choose(dialect, [
          { "db.system": system, "db.name": dialect.database, "db.user": "app" },
          { "db.system.name": system, "db.namespace": dialect.database },
        ]),
        ...said,
        ...peer(dialect, `${dialect.database}.internal`, 5432),
      };
    },
    steps: [work(us)],
  };
}

const statement = (dialect: Dialect, text: string): Attributes =>
  dialect.hasStatements ? choose(dialect, [{ "db.statement": text }, { "db.query.text": text }]) : {};

function queryName(
  { language, database, hasStatements }: Dialect,
  verb: string,
  table: string,
  values: Values,
): string {
  if (values === "prepared") return `EXECUTE ${database}`;
  if (language === "ruby") return hasStatements ? `${verb} ${database}` : `${verb} ${table}`;
  if (language === "python") return hasStatements ? verb : `${verb} ${database}.${table}`;
  if (language === "node") return hasStatements ? `mysql2.query:${verb}` : `${verb} ${table}`;
  if (language === "go") return hasStatements ? "sql.conn.query" : `sql.conn.query ${table}`;
  return `${verb} ${database}.${table}`;
}

/** A command of a cache. */
export function cacheRead(dialect: Dialect, key: (random: Random) => string, us: number): SpanStep {
  return {
    is: "span",
    name: dialect.language === "node" ? "redis-GET" : dialect.language === "go" ? "get" : "GET",
    service: dialect.service,
    kind: "client",
    attributes: (random) => ({
      ...choose(dialect, [{ "db.system": "redis" }, { "db.system.name": "redis", "db.operation.name": "GET" }]),
      ...statement(dialect, `GET ${key(random)}`),
      ...peer(dialect, "redis.internal", 6379),
    }),
    steps: [work(us)],
  };
}

export type HttpOptions = {
  host: string;
  path: (random: Random) => string;
  us: number;
  method?: string;
  status?: number;
  more?: Attributes;
  inside?: Step[];
};

const httpName = ({ language, conventions }: Dialect, method: string): string =>
  conventions === "old" && language !== "java" && language !== "node" ? `HTTP ${method}` : method;

/** A request to a system that sends no spans. */
export function httpCall(dialect: Dialect, options: HttpOptions): SpanStep {
  const { host, path, us, method = "GET", status = 200, more = {}, inside = [] } = options;
  return {
    is: "span",
    name: httpName(dialect, method),
    service: dialect.service,
    kind: "client",
    attributes: (random) => ({
      ...choose(dialect, [
        { "http.method": method, "http.url": `https://${host}${path(random)}`, "http.status_code": status },
        {
          "http.request.method": method,
          "url.full": `https://${host}${path(random)}`,
          "http.response.status_code": status,
        },
      ]),
      ...peer(dialect, host, 443),
      ...more,
    }),
    steps: [...inside, work(us)],
    ...(status >= 400 ? { isError: true } : {}),
  };
}

/** The entry of a service. */
export function serve(
  dialect: Dialect,
  { method = "GET", route }: { method?: string; route: string },
  steps: Step[],
): SpanStep {
  return {
    is: "span",
    name: dialect.language === "go" ? route : `${method} ${route}`,
    service: dialect.service,
    kind: "server",
    attributes: (random) => {
      const path = route.replace(/[:{][a-z]+}?/, String(random.between(1, 9999)));
      return choose(dialect, [
        {
          "http.method": method,
          "http.target": path,
          "http.route": route,
          "http.status_code": 200,
          "http.scheme": "http",
        },
        {
          "http.request.method": method,
          "url.path": path,
          "http.route": route,
          "http.response.status_code": 200,
          "url.scheme": "http",
        },
      ]);
    },
    steps,
  };
}

/** A request to a traced service, which answers with `steps`. */
export function call(
  dialect: Dialect,
  callee: Dialect,
  { route, protocol, networkUs, steps }: { route: string; protocol: "http" | "grpc"; networkUs: number; steps: Step[] },
): SpanStep {
  if (protocol === "http") {
    const client = httpCall(dialect, { host: callee.service, path: () => route, us: networkUs / 2 });
    return { ...client, steps: [work(networkUs / 2), serve(callee, { route }, steps), ...client.steps] };
  }
  const name = `shop.${callee.service.replace(/\W/g, "")}/${route.replace(/\W+/g, "") || "Get"}`;
  const attributes = (): Attributes => ({
    "rpc.system": "grpc",
    "rpc.service": name.split("/")[0] ?? "",
    "rpc.method": name.split("/")[1] ?? "",
    ...peer(dialect, callee.service, 50051),
  });
  const server: SpanStep = { is: "span", name, service: callee.service, kind: "server", attributes, steps };
  return {
    is: "span",
    name,
    service: dialect.service,
    kind: "client",
    attributes,
    steps: [work(networkUs / 2), server, work(networkUs / 2)],
  };
}

/** A step of the program itself. */
export function inner({ service }: Dialect, name: string, steps: Step[]): SpanStep {
  return { is: "span", name, service, kind: "internal", attributes: () => ({ "code.function": name }), steps };
}

export type JobOptions = { queue: string; job: string; waitUs: number; steps: Step[]; by?: "parent" | "link" | "root" };

/** Work left to a queue, and taken up by a worker: below the producer, or elsewhere with a link to it. */
export function leave(
  dialect: Dialect,
  worker: Dialect,
  { queue, job, waitUs, steps, by = "parent" }: JobOptions,
): Step[] {
  const system = { ruby: "sidekiq", python: "celery", node: "kafka", go: "nats", java: "rabbitmq" }[dialect.language];
  const names =
    dialect.language === "python"
      ? [`apply_async/${job}`, `run/${job}`]
      : dialect.language === "java"
        ? [`${queue} send`, `${queue} process`]
        : [`${job} publish`, `${job} process`];
  const attributes = (operation: string) => (): Attributes => ({
    "messaging.system": system,
    ...choose(dialect, [
      { "messaging.destination": queue, "messaging.operation": operation },
      { "messaging.destination.name": queue, "messaging.operation.type": operation },
    ]),
  });
  const consumer: SpanStep = {
    is: "span",
    name: names[1] ?? "",
    service: worker.service,
    kind: "consumer",
    attributes: attributes("process"),
    steps,
    ...(by === "parent" ? {} : { linksTo: "producer" }),
  };
  const later: Step = { is: "later", waitUs, steps: [consumer] };
  const producer: SpanStep = {
    is: "span",
    name: names[0] ?? "",
    service: dialect.service,
    kind: "producer",
    attributes: attributes("publish"),
    steps: by === "parent" ? [work(600), later] : [work(600)],
  };
  return by === "parent" ? [producer] : [producer, later];
}
