import { differentCalls } from "./call-troubles";
import { call, httpCall, inner, leave, query } from "./dialect";
import { nominalUs, type SpanStep, type Step, work } from "./step";
import { type Culprit, culpritOf, findSpan, put, repeat, type Site, type Trouble } from "./trouble";

const inSequence = (shape: string, how: "queries" | "requests" | "services"): Trouble => ({
  kind: "sequential-calls",
  shape,
  inject: (site) => {
    const count = site.random.between(3, 8);
    const us = site.extraUs / count;
    const calls = differentCalls(site.place.dialect, site.other, how, count, us * 0.98);
    put(
      site,
      calls.flatMap((one): Step[] => [one, work(Math.min(us * 0.02, 2000))]),
    );
    return culpritOf(site.place.owner);
  },
});

/** Calls side by side, of which one takes `extraUs`. */
function fanOut(site: Site, make: (at: number, us: number) => SpanStep): Culprit {
  const count = site.random.between(3, 24);
  const slow = site.random.between(0, count - 1);
  const quickUs = site.extraUs / site.random.between(5, 30);
  const calls = Array.from({ length: count }, (_, at) => make(at, at === slow ? site.extraUs : quickUs));
  put(site, [{ is: "at-once", branches: calls.map((one) => [one]) }]);
  return culpritOf(calls[slow] as SpanStep);
}

const gap = (shape: string, pauses: (us: number) => Step[]): Trouble => ({
  kind: "unaccounted-time",
  shape,
  inject: (site) => {
    put(site, pauses(site.extraUs));
    return culpritOf(site.place.owner);
  },
});

const wait = (shape: string, by: "parent" | "link" | "root"): Trouble => ({
  kind: "queue-wait",
  shape,
  inject: (site) => {
    const waitUs = Math.max(site.extraUs, site.world.usualUs * 0.8);
    const steps = [work(site.world.usualUs * 0.1), query(site.other, { table: "jobs", us: site.world.usualUs * 0.05 })];
    const left = leave(site.place.dialect, site.other, {
      queue: "mailers",
      job: "InvoiceJob",
      waitUs: waitUs + site.world.usualUs,
      steps,
      by,
    });
    put(site, left);
    const consumer = (by === "parent" ? (left[0] as SpanStep).steps[1] : left[1]) as { steps: SpanStep[] };
    return culpritOf(consumer.steps[0] as SpanStep);
  },
});

export const WORK_TROUBLES: readonly Trouble[] = [
  inSequence("queries", "queries"),
  inSequence("requests", "requests"),
  inSequence("traced services", "services"),
  {
    kind: "sequential-calls",
    shape: "what usually runs side by side",
    inject: (site) => {
      const owner = findSpan([site.root], (span) => span.steps.some(({ is }) => is === "at-once"));
      const at = owner?.steps.findIndex(({ is }) => is === "at-once") ?? -1;
      const fan = owner?.steps[at];
      if (owner === undefined || fan?.is !== "at-once") return undefined;
      const branchesUs = fan.branches.map(nominalUs);
      const moreUs = branchesUs.reduce((sum, us) => sum + us, 0) - Math.max(...branchesUs);
      if (moreUs < Math.max(40_000, 0.25 * site.world.usualUs)) return undefined;
      owner.steps.splice(at, 1, ...fan.branches.flat());
      return culpritOf(owner);
    },
  },
  {
    kind: "straggler",
    shape: "a shard",
    inject: (site) =>
      fanOut(site, (at, us) =>
        httpCall(site.place.dialect, { host: `shard${at}.search.internal`, path: () => "/query", us }),
      ),
  },
  {
    kind: "straggler",
    shape: "a worker of the program",
    inject: (site) => fanOut(site, (at, us) => inner(site.place.dialect, `worker ${at}`, [work(us)])),
  },
  {
    kind: "straggler",
    shape: "a query",
    inject: (site) => fanOut(site, (at, us) => query(site.place.dialect, { table: `part_${at}`, us })),
  },
  {
    kind: "straggler",
    shape: "the same call of a traced service",
    inject: (site) =>
      fanOut(site, (_, us) =>
        call(site.place.dialect, site.other, { route: "/shard", protocol: "grpc", networkUs: 500, steps: [work(us)] }),
      ),
  },
  {
    kind: "straggler",
    shape: "different traced services, a query below",
    inject: (site) =>
      fanOut(site, (at, us) => {
        const callee = { ...site.other, service: `offer${"abcdefghijklmnopqrstuvwxyz"[at]}`, database: "offers" };
        return call(site.place.dialect, callee, {
          route: "/offers",
          protocol: "http",
          networkUs: 700,
          steps: [work(us * 0.06), query(callee, { table: "offers", us: us * 0.9 }), work(us * 0.03)],
        });
      }),
  },
  gap("in one piece", (us) => [work(us)]),
  gap("in three pauses", (us) => repeat(3, () => [work(us / 3)])),
  {
    kind: "unaccounted-time",
    shape: "after all children",
    inject: ({ place, extraUs }) => {
      place.steps.push(work(extraUs));
      return culpritOf(place.owner);
    },
  },
  {
    kind: "unaccounted-time",
    shape: "before any child",
    inject: ({ place, extraUs }) => {
      place.steps.unshift(work(extraUs));
      return culpritOf(place.owner);
    },
  },
  {
    kind: "unaccounted-time",
    shape: "of a new step, between two queries",
    inject: (site) => {
      const { dialect } = site.place;
      const step = inner(dialect, "Export.write", [
        query(dialect, { table: "files", us: 1500 }),
        work(site.extraUs),
        query(dialect, { table: "files", us: 1500 }),
      ]);
      put(site, [step]);
      return culpritOf(step);
    },
  },
  {
    kind: "unaccounted-time",
    shape: "of a traced service",
    inject: (site) =>
      answeredBy(site, {
        route: "/quote",
        networkUs: 800,
        steps: [
          work(400),
          query(site.other, { table: "quotes", us: 2500 }),
          work(site.extraUs),
          query(site.other, { table: "rates", us: 2500 }),
        ],
      }),
  },
  {
    kind: "heavy-span",
    shape: "a new step",
    inject: (site) => heavy(site, inner(site.place.dialect, "render_pdf", [work(site.extraUs)])),
  },
  {
    kind: "heavy-span",
    shape: "one that is usually quick",
    inject: (site) => {
      const one = site.place.steps.find(
        (step) =>
          step.is === "span" && step.kind === "internal" && step.steps.length === 1 && step.steps[0]?.is === "work",
      );
      if (one?.is !== "span" || one.name.startsWith("middleware")) return undefined;
      one.steps.splice(0, 1, work(site.extraUs));
      return culpritOf(one);
    },
  },
  {
    kind: "heavy-span",
    shape: "a service that answers out of itself",
    inject: (site) => answeredBy(site, { route: "/resize", networkUs: 600, steps: [work(site.extraUs)] }),
  },
  {
    kind: "heavy-span",
    shape: "waiting for a connection of the pool",
    inject: (site) => heavy(site, inner(site.place.dialect, "ConnectionPool.acquire", [work(site.extraUs)])),
  },
  {
    kind: "heavy-span",
    shape: "deep below",
    inject: (site) => {
      const { dialect } = site.place;
      const leaf = inner(dialect, "Tokenizer.encode", [work(site.extraUs)]);
      put(site, [inner(dialect, "Pipeline.run", [work(200), inner(dialect, "Pipeline.stage", [work(200), leaf])])]);
      return culpritOf(leaf);
    },
  },
  wait("below its producer", "parent"),
  wait("beside its producer, with a link", "link"),
  {
    ...wait("in a tree of its own, with a link", "link"),
    damage: (rec, culprit) => {
      const consumer = rec.spans.find(({ name, links }) => links !== undefined && name === culprit?.operation);
      if (consumer !== undefined) consumer.parentSpanId = undefined;
      return culprit;
    },
  },
  {
    kind: "queue-wait",
    shape: "awaited by the request",
    inject: (site) => {
      const left = leave(site.place.dialect, site.other, {
        queue: "rpc",
        job: "RenderJob",
        waitUs: site.extraUs,
        steps: [work(site.extraUs * 0.05)],
      });
      put(site, [...left, { is: "await" }]);
      return culpritOf(((left[0] as SpanStep).steps[1] as { steps: SpanStep[] }).steps[0] as SpanStep);
    },
  },
];

function heavy(site: Site, one: SpanStep): Culprit {
  put(site, [one, work(200)]);
  return culpritOf(one);
}

/** A call to the other service, which is the culprit. */
function answeredBy(site: Site, how: { route: string; networkUs: number; steps: Step[] }): Culprit {
  const one = call(site.place.dialect, site.other, { ...how, protocol: "http" });
  put(site, [one]);
  return culpritOf(one.steps.find(({ is }) => is === "span") as SpanStep);
}
