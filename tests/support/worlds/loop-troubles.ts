import { cacheRead, call, httpCall, inner, type QueryOptions, query } from "./dialect";
import { type SpanStep, type Step, work } from "./step";
import { culpritOf, put, repeat, type Site, type Trouble } from "./trouble";

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

export const LOOP_TROUBLES: readonly Trouble[] = [
  queryLoop("identical text", { values: "identical" }),
  queryLoop("differing literals", { values: "literals" }),
  queryLoop("parameters", { values: "parameters" }),
  queryLoop("prepared, no text", { values: "prepared" }),
  queryLoop("updates", { verb: "UPDATE", values: "literals" }),
  {
    kind: "n-plus-one",
    shape: "without attributes",
    inject: (site) =>
      loop(site, countOf(site, 300, 250_000), (us) => ({
        ...query(site.place.dialect, { table: "tags", us }),
        name: "SELECT tags",
        attributes: () => ({}),
      })),
  },
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
];
