import { each } from "./call-faults";
import type { Fault, Injected } from "./trace-faults";

const MS = 1000;

/** The same kinds where other explanations lie near. */
export const AWKWARD_FAULTS: readonly Fault[] = [
  {
    variant: "beside a smaller slow request",
    kind: "n-plus-one",
    trouble: (c) => {
      c.http("payments.example.com", "/charge", { us: 350 * MS });
      return each(150, (at) => c.query("circuits", at, { us: 8 * MS }));
    },
  },
  {
    variant: "beside a smaller loop",
    kind: "slow-external-call",
    trouble: (c) => {
      each(60, (at) => c.query("circuits", at, { us: 3 * MS }));
      return c.http("payments.example.com", "/charge", { us: 1500 * MS });
    },
  },
  {
    variant: "with spans of its connection",
    kind: "slow-external-call",
    trouble: (c) => {
      const span = c.rec.span(
        {
          name: "GET",
          kind: "client",
          attributes: { "http.request.method": "GET", "url.full": "https://slow.example.com/x" },
        },
        () => {
          for (const name of ["dns.lookup", "tcp.connect", "tls.connect"])
            c.rec.span({ name }, () => c.rec.work(3 * MS));
          c.rec.work(900 * MS);
        },
      );
      return { service: span.service, operation: span.name };
    },
  },
  {
    variant: "two at a time",
    kind: "n-plus-one",
    trouble: (c) => {
      let where: Injected;
      for (let at = 0; at < 40; at += 1) {
        c.rec.parallel(
          [0, 1].map((side) => () => {
            where = c.http("api.example.com", `/items/${at * 2 + side}`, { us: 30 * MS });
          }),
        );
      }
      return where;
    },
  },
  {
    variant: "below one another",
    kind: "n-plus-one",
    trouble: (c) => {
      let where: Injected;
      c.remote("catalogue", "/catalogue/tree", () => {
        for (let at = 0; at < 12; at += 1)
          c.step("Tree#node", () => {
            c.rec.work(400);
            where = c.query("nodes", at * 3, { us: 14 * MS });
          });
      });
      return where && { ...where, service: "catalogue" };
    },
  },
  {
    variant: "while the request waits",
    kind: "queue-wait",
    trouble: (c) => {
      const where = c.enqueue({
        service: "worker",
        job: "RenderJob",
        waitUs: 1800 * MS,
        body: () => c.rec.work(60 * MS),
      });
      c.rec.pass(1900 * MS);
      return where;
    },
  },
  {
    variant: "with another query each time",
    kind: "retries",
    trouble: (c) => {
      for (let at = 1; at <= 2; at += 1)
        c.http("flaky.example.com", `/token?attempt=${at}`, { us: 220 * MS, isError: true });
      return c.http("flaky.example.com", "/token?attempt=3", { us: 200 * MS });
    },
  },
  {
    variant: "of a traced service, deep below",
    kind: "retries",
    trouble: (c) => {
      let where: Injected;
      for (let at = 0; at < 3; at += 1) {
        const isError = at < 2;
        where = c.remote(
          "ledger",
          "/ledger/post",
          () => {
            c.rec.work(2 * MS);
            c.step("Ledger#post", () => c.query("entries", 1, { us: 120 * MS, isError }), isError);
          },
          isError,
        ).client;
      }
      return where;
    },
  },
  {
    variant: "passed on by spans that set no status",
    kind: "error-origin",
    trouble: (c) => {
      let where: Injected;
      c.step("Import#run", () =>
        c.step("Import#row", () => {
          where = c.query("rows", 1, { us: 2000, isError: true });
        }),
      );
      return where;
    },
    damage: (r) => {
      const [root] = r.spans;
      if (root !== undefined) root.isError = true;
      return undefined;
    },
  },
  {
    variant: "in a service that calls another",
    kind: "clock-skew",
    trouble: (c) =>
      c.remote("clocky", "/time", () => {
        c.rec.work(4000);
        c.remote("zones", "/zones", () => c.rec.work(9000));
        c.rec.work(1000);
      }).server,
    damage: (r) => {
      for (const span of r.spans) {
        if (span.service !== "clocky") continue;
        span.startUs += 3600e6;
        span.endUs += 3600e6;
      }
      return undefined;
    },
  },
  {
    variant: "a lost service",
    kind: "missing-spans",
    trouble: (c) => {
      let where: Injected;
      c.remote("lost", "/lost", () => {
        c.rec.work(60 * MS);
        where = c.remote("found", "/found", () => c.rec.work(20 * MS)).client;
        c.rec.work(90 * MS);
      });
      return where && { ...where, service: "lost" };
    },
    damage: (r) => {
      const at = r.spans.findIndex(({ name, service }) => name === "/lost" && service === "lost");
      r.spans.splice(at, 1);
      return undefined;
    },
  },
  {
    variant: "one of three, each traced",
    kind: "straggler",
    trouble: (c) => {
      let where: Injected;
      c.rec.parallel(
        ["stock", "tax", "ship"].map((name, at) => () => {
          const { client } = c.remote(name, `/${name}/quote`, () => {
            c.rec.work(1500);
            c.query(name, 1, { us: (at === 1 ? 600 : 25) * MS });
          });
          if (at === 1) where = client;
        }),
      );
      return where;
    },
  },
];
