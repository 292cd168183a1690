import { cacheRead, call, type Dialect, httpCall, inner, type QueryOptions, query } from "./dialect";
import { type SpanStep, type Step, work } from "./step";
import { culpritOf, findSpan, put, repeat, type Site, type Trouble } from "./trouble";

const COUNTS = [5, 8, 12, 25, 60, 133, 400];

/** A loop whose `count` calls and pauses take what the request shall take longer. */
function loop(
  site: Site,
  count: number,
  make: (us: number) => SpanStep,
  { pauseShare = 0.02, wrap }: { pauseShare?: number; wrap?: (call: SpanStep) => Step } = {},
) {
  const us = Math.max(250, site.extraUs / count);
  const sample = make(us * (1 - pauseShare));
  put(
    site,
    repeat(count, () => {
      const one = make(us * (1 - pauseShare));
      return [wrap?.(one) ?? one, work(us * pauseShare)];
    }),
  );
  return culpritOf(sample);
}

/** As many calls as the time allows: nobody's thousand queries take a microsecond each, or five a minute. */
function countOf({ random, extraUs }: Site, fastestUs: number, slowestUs: number): number {
  const fitting = COUNTS.filter((count) => extraUs / count >= fastestUs && extraUs / count <= slowestUs);
  return fitting.length === 0 ? (extraUs / 400 > slowestUs ? 400 : 5) : random.pick(fitting);
}

const queryLoop = (shape: string, options: Partial<QueryOptions>): Trouble => ({
  kind: "n-plus-one",
  shape,
  inject: (site) =>
    loop(site, countOf(site, 300, 250_000), (us) => query(site.place.dialect, { table: "line_items", us, ...options })),
});

const userPath = (r: { between: (a: number, b: number) => number }) => `/v1/users/${r.between(1, 99_999)}`;

export const CALL_TROUBLES: readonly Trouble[] = [
  queryLoop("identical text", { values: "identical" }),
  queryLoop("differing literals", { values: "literals" }),
  queryLoop("parameters", { values: "parameters" }),
  queryLoop("prepared, no text", { values: "prepared" }),
  queryLoop("updates", { verb: "UPDATE", values: "literals" }),
  {
    kind: "n-plus-one",
    shape: "cache reads",
    inject: (site) =>
      loop(site, countOf(site, 200, 60_000), (us) =>
        cacheRead(site.place.dialect, (r) => `item:${r.between(1, 1e6)}`, us),
      ),
  },
  {
    kind: "n-plus-one",
    shape: "requests",
    inject: (site) =>
      loop(
        site,
        countOf(site, 2000, 600_000),
        (us) => httpCall(site.place.dialect, { host: "people.example.net", path: userPath, us }),
        { pauseShare: 0.05 },
      ),
  },
  {
    kind: "n-plus-one",
    shape: "in wrappers of their own, with pauses",
    inject: (site) =>
      loop(
        site,
        countOf(site, 500, 200_000),
        (us) => query(site.place.dialect, { table: "authors", us, values: "literals" }),
        {
          pauseShare: 0.2,
          wrap: (one) => inner(site.place.dialect, "Author.find", [work(150), one]),
        },
      ),
  },
  {
    kind: "n-plus-one",
    shape: "two at a time",
    inject: (site) => {
      const count = Math.max(12, countOf(site, 800, 250_000));
      const us = (site.extraUs / count) * 2;
      const make = () => query(site.place.dialect, { table: "stock_levels", us, values: "literals" });
      put(
        site,
        repeat(Math.floor(count / 2), () => [{ is: "at-once", branches: [[make()], [make()]] }, work(40)]),
      );
      return culpritOf(make());
    },
  },
  {
    kind: "n-plus-one",
    shape: "calls of a traced service",
    inject: (site) =>
      loop(site, Math.min(60, countOf(site, 4000, 300_000)), (us) =>
        call(site.place.dialect, site.other, {
          route: "/details",
          protocol: "http",
          networkUs: 600,
          steps: [work(us * 0.2), query(site.other, { table: "details", us: us * 0.7 }), work(100)],
        }),
      ),
  },
  {
    kind: "n-plus-one",
    shape: "a query that is usually asked once",
    inject: (site) => {
      const at = site.place.steps.findIndex(
        (step) =>
          step.is === "span" && step.kind === "client" && step.steps.length === 1 && step.steps[0]?.is === "work",
      );
      const one = site.place.steps[at];
      const first = one?.is === "span" ? one.steps[0] : undefined;
      if (one?.is !== "span" || first?.is !== "work" || !one.attributes(site.random)["db.name"] === false)
        return undefined;
      const count = Math.round(site.extraUs / first.us);
      if (count < 10) return undefined;
      site.place.steps.splice(at, 1, ...repeat(Math.min(count, 500), () => [one, work(50)]));
      return culpritOf(one);
    },
  },
  {
    kind: "slow-query",
    shape: "a new one",
    inject: (site) => {
      const one = query(site.place.dialect, { table: "reports_all", us: site.extraUs, values: "literals" });
      put(site, [one, work(300)]);
      return culpritOf(one);
    },
  },
  {
    kind: "slow-query",
    shape: "one that is usually quick",
    inject: (site) => {
      const one = findSpan(site.root.steps, (span) => isQuery(span, site));
      if (one === undefined) return undefined;
      one.steps.splice(0, 1, work(site.extraUs));
      return culpritOf(one);
    },
  },
  {
    kind: "slow-query",
    shape: "below its library's span",
    inject: (site) => {
      const one = query(site.place.dialect, { table: "timeline", us: site.extraUs });
      put(site, [inner(site.place.dialect, "TimelineRepository.find", [work(200), one, work(100)])]);
      return culpritOf(one);
    },
  },
  {
    kind: "slow-query",
    shape: "an update that waits for a lock",
    inject: (site) => {
      const one = query(site.place.dialect, { table: "counters", us: site.extraUs, verb: "UPDATE" });
      put(site, [one]);
      return culpritOf(one);
    },
  },
  {
    kind: "slow-query",
    shape: "a slow one in another service",
    inject: (site) => {
      const one = query(site.other, { table: "history", us: site.extraUs });
      put(site, [
        call(site.place.dialect, site.other, {
          route: "/history",
          protocol: "grpc",
          networkUs: 900,
          steps: [work(900), one, work(700)],
        }),
      ]);
      return culpritOf(one);
    },
  },
  {
    kind: "slow-external-call",
    shape: "a new one",
    inject: (site) =>
      external(
        site,
        httpCall(site.place.dialect, {
          host: "pay.example.com",
          path: () => "/charge",
          method: "POST",
          us: site.extraUs,
        }),
      ),
  },
  {
    kind: "slow-external-call",
    shape: "one that is usually quick",
    inject: (site) => {
      const one = findSpan(
        site.root.steps,
        (span) =>
          span.kind === "client" &&
          "url.full" in span.attributes(site.random) !== "http.url" in span.attributes(site.random) &&
          span.steps.every(({ is }) => is === "work"),
      );
      if (one === undefined) return undefined;
      one.steps.splice(0, 1, work(site.extraUs));
      return culpritOf(one);
    },
  },
  {
    kind: "slow-external-call",
    shape: "with spans of its connection",
    inject: (site) => {
      const inside = ["dns.lookup", "tcp.connect", "tls.handshake"].map((name) =>
        inner(site.place.dialect, name, [work(2500)]),
      );
      return external(
        site,
        httpCall(site.place.dialect, { host: "geo.example.com", path: userPath, us: site.extraUs, inside }),
      );
    },
  },
  {
    kind: "slow-external-call",
    shape: "by rpc",
    inject: (site) => {
      const { service } = site.place.dialect;
      const attributes = () => ({ "rpc.system": "grpc", "rpc.service": "vision.Labels", "rpc.method": "Detect" });
      return external(site, {
        is: "span",
        name: "vision.Labels/Detect",
        service,
        kind: "client",
        attributes,
        steps: [work(site.extraUs)],
      });
    },
  },
  {
    kind: "slow-external-call",
    shape: "of storage",
    inject: (site) => {
      const { service } = site.place.dialect;
      const attributes = () => ({
        "rpc.system": "aws-api",
        "rpc.service": "S3",
        "rpc.method": "PutObject",
        "aws.s3.bucket": "media",
      });
      return external(site, {
        is: "span",
        name: "S3.PutObject",
        service,
        kind: "client",
        attributes,
        steps: [work(site.extraUs)],
      });
    },
  },
];

function external(site: Site, one: SpanStep) {
  put(site, [one, work(400)]);
  return culpritOf(one);
}

const isQuery = (span: SpanStep, { random }: Site): boolean => {
  const attributes = span.attributes(random);
  const system = attributes["db.system"] ?? attributes["db.system.name"];
  return span.kind === "client" && system !== undefined && system !== "redis";
};

/** Different calls one after another. */
export const differentCalls = (
  dialect: Dialect,
  other: Dialect,
  how: "queries" | "requests" | "services",
  count: number,
  us: number,
): SpanStep[] =>
  ["users", "quotes", "taxes", "stock", "offers", "limits", "themes", "badges"].slice(0, count).map((name) => {
    if (how === "queries") return query(dialect, { table: name, us });
    if (how === "requests") return httpCall(dialect, { host: `${name}.example.org`, path: () => `/${name}`, us });
    const callee = { ...other, service: `${name}-remote`, database: name };
    return call(dialect, callee, {
      route: `/${name}`,
      protocol: "http",
      networkUs: 500,
      steps: [work(us * 0.1), query(callee, { table: name, us: us * 0.85 }), work(us * 0.05)],
    });
  });
