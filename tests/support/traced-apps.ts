import type { Attributes, TraceRecorder } from "./trace-recorder";

export type Conventions = "old" | "stable";
export type Where = { service: string; operation: string };

/** An application under instrumentation: what a healthy request does, and how its calls look. Times in µs. */
export type TracedApp = {
  name: string;
  root: Where;
  /** A healthy request; `trouble` happens in the middle of its main handler. */
  request: (rec: TraceRecorder, conventions: Conventions, trouble?: Trouble) => void;
};
export type Trouble = (calls: Calls) => void;
export type CallOptions = { us: number; isError?: boolean; exact?: boolean };

/** The calls of an application, each returning whom a finding about it would name. */
export type Calls = {
  rec: TraceRecorder;
  handler: Where;
  query: (table: string, id: number, options: CallOptions) => Where;
  cache: (key: string, options: CallOptions) => Where;
  http: (host: string, path: string, options: CallOptions) => Where;
  /** Calls another traced service, whose handler runs `body`; the callee is `where`. */
  remote: (service: string, operation: string, body: () => void, isError?: boolean) => { client: Where; server: Where };
  step: (name: string, body: () => void, isError?: boolean) => Where;
  enqueue: (options: { service: string; job: string; waitUs: number; body: () => void }) => Where;
};

const dbAttributes = (conventions: Conventions, system: string, text: string): Attributes =>
  conventions === "old"
    ? { "db.system": system, "db.statement": text, "net.peer.name": "db.internal" }
    : { "db.system.name": system, "db.query.text": text, "server.address": "db.internal" };
const httpAttributes = (conventions: Conventions, url: string): Attributes =>
  conventions === "old"
    ? { "http.method": "GET", "http.url": url, "http.status_code": 200, "net.peer.name": new URL(url).host }
    : {
        "http.request.method": "GET",
        "url.full": url,
        "http.response.status_code": 200,
        "server.address": new URL(url).host,
      };
const serverAttributes = (conventions: Conventions, route: string): Attributes =>
  conventions === "old"
    ? { "http.method": "GET", "http.target": route, "http.status_code": 200 }
    : { "http.request.method": "GET", "url.path": route, "http.response.status_code": 200 };

type Flavour = {
  service: string;
  conventions: Conventions;
  handler: string;
  /** Wraps of each query: Rails has ActiveRecord around the driver. */
  query: (table: string, id: number) => { wrapper?: string; name: string; attributes: Attributes };
  httpName: (host: string) => string;
  pauseUs: number;
};

function callsOf(rec: TraceRecorder, flavour: Flavour): Calls {
  const { service, conventions } = flavour;
  const spend = ({ us, exact }: CallOptions) => (exact ? rec.pass(us) : rec.work(us));
  const leaf = (name: string, attributes: Attributes, options: CallOptions): Where => {
    const span = rec.span({ name, kind: "client", attributes, isError: options.isError ?? false }, () =>
      spend(options),
    );
    rec.work(flavour.pauseUs);
    return { service: span.service, operation: name };
  };
  return {
    rec,
    handler: { service, operation: flavour.handler },
    query: (table, id, options) => {
      const { wrapper, name, attributes } = flavour.query(table, id);
      if (wrapper === undefined) return leaf(name, attributes, options);
      let where: Where = { service, operation: name };
      rec.span({ name: wrapper }, () => {
        where = leaf(name, attributes, options);
      });
      return where;
    },
    cache: (key, options) => leaf("GET", dbAttributes(conventions, "redis", `GET ${key}`), options),
    http: (host, path, options) =>
      leaf(flavour.httpName(host), httpAttributes(conventions, `https://${host}${path}`), options),
    remote: (callee, operation, body, isError = false) => {
      const client = rec.span(
        {
          name: flavour.httpName(callee),
          kind: "client",
          isError,
          attributes: httpAttributes(conventions, `http://${callee}${operation}`),
        },
        () => {
          rec.work(300);
          rec.span(
            {
              name: operation,
              service: callee,
              kind: "server",
              isError,
              attributes: serverAttributes(conventions, operation),
            },
            body,
          );
          rec.work(300);
        },
      );
      return { client: { service: client.service, operation: client.name }, server: { service: callee, operation } };
    },
    step: (name, body, isError = false) => {
      const span = rec.span({ name, isError }, body);
      return { service: span.service, operation: name };
    },
    enqueue: ({ service: worker, job, waitUs, body }) => {
      rec.span(
        {
          name: `${job} publish`,
          kind: "producer",
          attributes: { "messaging.system": "sidekiq", "messaging.destination.name": "default" },
        },
        () => {
          rec.work(700);
          rec.later(waitUs, () =>
            rec.span(
              {
                name: `${job} process`,
                service: worker,
                kind: "consumer",
                attributes: { "messaging.system": "sidekiq" },
              },
              body,
            ),
          );
        },
      );
      return { service: worker, operation: `${job} process` };
    },
  };
}

const RAILS: TracedApp = {
  name: "rails",
  root: { service: "circuitverse", operation: "GET /projects/:id" },
  request: (rec, conventions, trouble) => {
    const calls = callsOf(rec, {
      service: "circuitverse",
      conventions,
      handler: "ProjectsController#show",
      query: (table, id) => {
        const isPrepared = table.length % 2 === 0;
        const prepared = { "db.system": "postgresql", "db.postgresql.prepared_statement_name": `a${table.length}` };
        const attributes =
          isPrepared && conventions === "old"
            ? prepared
            : dbAttributes(
                conventions,
                "postgresql",
                `SELECT "${table}".* FROM "${table}" WHERE "${table}"."id" = ${id} LIMIT 1`,
              );
        return {
          wrapper: `${table} query`,
          name: isPrepared ? "EXECUTE cv_production" : `SELECT cv_production`,
          attributes,
        };
      },
      httpName: () => "GET",
      pauseUs: 250,
    });
    rec.span(
      {
        name: "GET /projects/:id",
        service: "circuitverse",
        kind: "server",
        attributes: serverAttributes(conventions, "/projects/7"),
      },
      () => {
        rec.work(1500);
        rec.span({ name: "ProjectsController#show", attributes: { "code.function": "show" } }, () => {
          rec.work(3000);
          calls.query("users", rec.random.between(1, 9999), { us: 2000 });
          calls.query("projects", rec.random.between(1, 9999), { us: 4000 });
          calls.cache(`views/${rec.random.between(1, 1e6)}`, { us: 600 });
          trouble?.(calls);
          for (let at = 0; at < 3; at += 1) calls.query("collaborations", at, { us: 1500 });
          rec.span({ name: "projects/show.html.erb" }, () => {
            rec.work(12_000);
            rec.span({ name: "layouts/_header.html.erb" }, () => rec.work(4000));
            calls.query("notifications", 4, { us: 1800 });
            rec.work(9000);
          });
          rec.work(2000);
        });
        rec.work(800);
      },
    );
  },
};

const GO: TracedApp = {
  name: "go",
  root: { service: "gateway", operation: "GET /api/orders/{id}" },
  request: (rec, conventions, trouble) => {
    const flavour = (service: string, handler: string): Flavour => ({
      service,
      conventions,
      handler,
      query: (table, id) => ({
        name: `SELECT ${table}`,
        attributes: dbAttributes(
          conventions,
          "mysql",
          `SELECT * FROM ${table} WHERE id IN (${id}, ${id + 1}) AND state = 'open'`,
        ),
      }),
      httpName: (host) => (host.includes(".") ? "HTTP GET" : `${host}.Service/Call`),
      pauseUs: 30,
    });
    const edge = callsOf(rec, flavour("gateway", "GET /api/orders/{id}"));
    rec.span(
      {
        name: "GET /api/orders/{id}",
        service: "gateway",
        kind: "server",
        attributes: serverAttributes(conventions, "/api/orders/9"),
      },
      () => {
        rec.work(500);
        edge.cache(`session:${rec.random.between(1, 1e6)}`, { us: 500 });
        edge.remote("orders", "/orders/get", () => {
          const calls = callsOf(rec, flavour("orders", "/orders/get"));
          rec.work(700);
          calls.query("orders", rec.random.between(1, 99), { us: 3500 });
          trouble?.(calls);
          rec.parallel(
            ["stock", "prices", "reviews"].map(
              (name) => () =>
                calls.remote(name, `/${name}/list`, () => {
                  rec.work(1200);
                  callsOf(rec, flavour(name, name)).query(name, 3, { us: 5000 });
                }),
            ),
          );
          rec.work(600);
        });
        rec.work(900);
      },
    );
  },
};

const NODE: TracedApp = {
  name: "node",
  root: { service: "feed", operation: "GET /feed" },
  request: (rec, conventions, trouble) => {
    const calls = callsOf(rec, {
      service: "feed",
      conventions,
      handler: "request handler - /feed",
      query: (table, id) => ({
        name: `pg.query:SELECT feed_${table}`,
        attributes: dbAttributes(
          conventions,
          "postgresql",
          `SELECT id, body FROM ${table} WHERE owner = '${"x".repeat((id % 5) + 1)}' ORDER BY id LIMIT 20`,
        ),
      }),
      httpName: () => "GET",
      pauseUs: 80,
    });
    rec.span(
      { name: "GET /feed", service: "feed", kind: "server", attributes: serverAttributes(conventions, "/feed") },
      () => {
        for (const name of ["query", "expressInit", "session"])
          rec.span({ name: `middleware - ${name}` }, () => rec.work(150));
        rec.span({ name: "request handler - /feed" }, () => {
          calls.cache(`user:${rec.random.between(1, 9999)}:profile`, { us: 700 });
          calls.query("posts", rec.random.between(1, 99), { us: 6000 });
          trouble?.(calls);
          rec.parallel([
            () => void calls.query("likes", 2, { us: 5000 }),
            () => void calls.query("follows", 2, { us: 4000 }),
          ]);
          calls.http("ads.example.com", "/v1/slots", { us: 22_000 });
          rec.work(1500);
        });
      },
    );
    rec.work(0);
  },
};

export const TRACED_APPS: readonly TracedApp[] = [RAILS, GO, NODE];
