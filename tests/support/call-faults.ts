import type { Fault, Injected } from "./trace-faults";
import type { Where } from "./traced-apps";

const MS = 1000;

export const each = (count: number, body: (at: number) => Where): Where => {
  let where: Where = { service: "", operation: "" };
  for (let at = 0; at < count; at += 1) where = body(at);
  return where;
};

/** Trouble with calls: loops, slow ones, ones that wait for each other. */
export const CALL_FAULTS: readonly Fault[] = [
  {
    variant: "many quick queries",
    kind: "n-plus-one",
    trouble: (c) => each(c.rec.random.between(60, 300), (at) => c.query("circuits", at * 7, { us: 1500 })),
  },
  {
    variant: "few slow queries",
    kind: "n-plus-one",
    trouble: (c) =>
      each(c.rec.random.between(5, 12), (at) =>
        c.query("circuits", at * 7, { us: c.rec.random.between(60, 220) * MS }),
      ),
  },
  {
    variant: "queries in partials",
    kind: "n-plus-one",
    trouble: (c) => {
      let where: Injected;
      c.step("projects/index.html.erb", () => {
        for (let at = 0; at < 80; at += 1)
          c.step("projects/_card.html.erb", () => {
            c.rec.work(300);
            where = c.query("authors", at, { us: 2500 });
          });
      });
      return where;
    },
  },
  {
    variant: "two statements in turn",
    kind: "n-plus-one",
    trouble: (c) =>
      each(60, (at) => {
        c.query("tag", at, { us: 600 });
        return c.query("comments", at, { us: 3000 });
      }),
  },
  {
    variant: "cache reads",
    kind: "n-plus-one",
    trouble: (c) => each(250, (at) => c.cache(`card:${at * 31}`, { us: 900 })),
  },
  {
    variant: "requests",
    kind: "n-plus-one",
    trouble: (c) =>
      each(c.rec.random.between(8, 30), (at) => c.http("api.example.com", `/users/${at * 13}/avatar`, { us: 45 * MS })),
  },
  {
    variant: "calls of a traced service",
    kind: "n-plus-one",
    trouble: (c) =>
      each(
        25,
        (at) =>
          c.remote("users", "/users/show", () => {
            c.rec.work(3000);
            c.query("users", at, { us: 9000 });
          }).client,
      ),
  },
  {
    variant: "one query",
    kind: "slow-query",
    trouble: (c) => c.query("reports", 3, { us: c.rec.random.between(250, 4000) * MS }),
  },
  {
    variant: "one query in a traced service",
    kind: "slow-query",
    trouble: (c) => {
      let where: Injected;
      c.remote("billing", "/invoices", () => {
        c.rec.work(2000);
        where = c.query("invoices", 2, { us: 800 * MS });
      });
      return where && { ...where, service: "billing" };
    },
  },
  {
    variant: "one of many alike",
    kind: "slow-query",
    trouble: (c) => {
      each(8, (at) => c.query("badges", at, { us: 1500 }));
      return c.query("badges", 99, { us: 900 * MS });
    },
  },
  {
    variant: "one request",
    kind: "slow-external-call",
    trouble: (c) => c.http("payments.example.com", "/charge", { us: c.rec.random.between(400, 5000) * MS }),
  },
  {
    variant: "in a job",
    kind: "slow-external-call",
    trouble: (c) => {
      let where: Injected;
      c.enqueue({
        service: "worker",
        job: "PreviewJob",
        waitUs: 8 * MS,
        body: () => {
          c.rec.work(4000);
          where = c.http("yosys.example.com", "/synth", { us: 2500 * MS });
        },
      });
      return where;
    },
  },
  {
    variant: "three requests",
    kind: "sequential-calls",
    trouble: (c) => {
      for (const host of ["geo", "fx", "tax"]) c.http(`${host}.example.com`, `/${host}`, { us: 160 * MS });
      return c.handler;
    },
  },
  {
    variant: "traced services",
    kind: "sequential-calls",
    trouble: (c) => {
      for (const name of ["users", "teams", "plans", "limits"])
        c.remote(name, `/${name}/get`, () => {
          c.rec.work(1000);
          c.query(name, 1, { us: 110 * MS });
        });
      return c.handler;
    },
  },
  {
    variant: "requests",
    kind: "straggler",
    trouble: (c) => {
      const count = c.rec.random.between(3, 50);
      const slow = c.rec.random.between(0, count - 1);
      let where: Injected;
      c.rec.parallel(
        Array.from({ length: count }, (_, at) => () => {
          const w = c.http(`shard${at}.example.com`, "/search", { us: at === slow ? 900 * MS : 40 * MS });
          if (at === slow) where = w;
        }),
      );
      return where;
    },
  },
  {
    variant: "traced services",
    kind: "straggler",
    trouble: (c) => {
      let where: Injected;
      c.rec.parallel(
        Array.from({ length: 6 }, (_, at) => () => {
          const w = c.remote("search", "/shard", () => {
            c.rec.work(at === 2 ? 700 * MS : 30 * MS);
          }).client;
          if (at === 2) where = w;
        }),
      );
      return where;
    },
  },
];
