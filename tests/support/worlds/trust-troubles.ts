import type { RecordedSpan, TraceRecorder } from "../trace-recorder";
import { call, inner, query } from "./dialect";
import { type SpanStep, work } from "./step";
import { type Culprit, culpritOf, put, type Site, type Trouble } from "./trouble";

const MS = 1000;
const YEAR_US = 365 * 24 * 3600e6;

/** A call of a service that nothing else in the request runs on. */
function callOnce(site: Site, below: SpanStep[] = []): Culprit {
  const clocked = { ...site.other, service: "clocked", database: "ticks" };
  const one = call(site.place.dialect, clocked, {
    route: "/now",
    protocol: site.random.pick(["http", "grpc"]),
    networkUs: 800,
    steps: [work(3000), query(clocked, { table: "ticks", us: 4000 }), ...below, work(500)],
  });
  put(site, [one]);
  return culpritOf(one.steps.find(({ is }) => is === "span") as SpanStep);
}

const shift = (rec: TraceRecorder, service: string, byUs: number) => {
  for (const span of rec.spans) {
    if (span.service !== service) continue;
    span.startUs += byUs;
    span.endUs += byUs;
  }
};

const skew = (byUs: number): Trouble => ({
  kind: "clock-skew",
  shape: `${byUs / MS} ms`,
  inject: (site) => callOnce(site),
  damage: (rec, culprit) => {
    shift(rec, "clocked", byUs);
    return culprit;
  },
});

/** Takes spans out; answers the first that is left without its parent. */
function lose(rec: TraceRecorder, isLost: (span: RecordedSpan) => boolean): Culprit | undefined {
  const lost = new Set(rec.spans.filter(isLost).map(({ spanId }) => spanId));
  const orphans = rec.spans.filter((span) => !lost.has(span.spanId) && lost.has(span.parentSpanId ?? ""));
  rec.spans.splice(0, rec.spans.length, ...rec.spans.filter(({ spanId }) => !lost.has(spanId)));
  const [first] = orphans.sort((a, b) => a.startUs - b.startUs);
  return first && { service: first.service, operation: first.name };
}

export const TRUST_TROUBLES: readonly Trouble[] = [
  ...[30 * MS, -60 * MS, 4000 * MS, -3600e6, YEAR_US, -YEAR_US].map(skew),
  {
    kind: "clock-skew",
    shape: "of a service that calls another",
    inject: (site) =>
      callOnce(site, [
        call(
          { ...site.other, service: "clocked" },
          { ...site.other, service: "rightly" },
          { route: "/zones", protocol: "http", networkUs: 600, steps: [work(3000)] },
        ),
      ]),
    damage: (rec, culprit) => {
      shift(rec, "clocked", 7000 * MS);
      return culprit;
    },
  },
  {
    kind: "missing-spans",
    shape: "a step",
    inject: (site) => {
      const { dialect } = site.place;
      put(site, [
        inner(dialect, "LOST", [
          work(500),
          inner(dialect, "collect_rows", [work(6000), query(dialect, { table: "rows", us: 9000 })]),
        ]),
      ]);
      return { service: "", operation: "" };
    },
    damage: (rec) => lose(rec, ({ name }) => name === "LOST"),
  },
  {
    kind: "missing-spans",
    shape: "the entry of a service",
    inject: (site) => callOnce(site),
    damage: (rec) => lose(rec, ({ service, kind }) => service === "clocked" && kind === 2),
  },
  {
    kind: "missing-spans",
    shape: "any span with children",
    inject: (site) => culpritOf(site.root),
    damage: (rec, _, { random }) => {
      const parents = new Set(rec.spans.map(({ parentSpanId }) => parentSpanId));
      const inside = rec.spans.filter(({ spanId, parentSpanId }) => parentSpanId !== undefined && parents.has(spanId));
      const lost = inside.length === 0 ? undefined : random.pick(inside);
      return lost && lose(rec, ({ spanId }) => spanId === lost.spanId);
    },
  },
  {
    kind: "missing-spans",
    shape: "the root",
    inject: (site) => culpritOf(site.root),
    damage: (rec) => lose(rec, ({ parentSpanId }) => parentSpanId === undefined),
  },
];
