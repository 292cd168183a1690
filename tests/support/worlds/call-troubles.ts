import { call, type Dialect, httpCall, inner, query } from "./dialect";
import { type SpanStep, work } from "./step";
import { culpritOf, findSpan, put, type Site, type Trouble } from "./trouble";

const userPath = (r: { between: (a: number, b: number) => number }) => `/v1/users/${r.between(1, 99_999)}`;

export const CALL_TROUBLES: readonly Trouble[] = [
  {
    kind: "slow-query",
    shape: "without attributes",
    inject: (site) => {
      const bare = { name: "SELECT archive", attributes: () => ({}) };
      return external(site, { ...query(site.place.dialect, { table: "archive", us: site.extraUs }), ...bare });
    },
  },
  {
    kind: "slow-query",
    shape: "in a span that does not say it is a client's",
    inject: (site) =>
      external(site, { ...query(site.place.dialect, { table: "archive", us: site.extraUs }), kind: "internal" }),
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
