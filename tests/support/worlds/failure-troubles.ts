import type { TraceRecorder } from "../trace-recorder";
import { call, httpCall, inner, query } from "./dialect";
import { type SpanStep, type Step, work } from "./step";
import { type Culprit, culpritOf, put, repeat, type Site, type Trouble } from "./trouble";

type Attempt = (site: Site, us: number, isFailed: boolean) => SpanStep;

/** Failed attempts, pauses that grow, and a last one. */
function tries(
  site: Site,
  make: Attempt,
  { isSolved = true, wrap }: { isSolved?: boolean; wrap?: (one: SpanStep, at: number) => Step } = {},
): Culprit {
  const failures = site.random.between(isSolved ? 1 : 2, 4);
  const us = site.extraUs / (failures * 1.8);
  const last = make(site, isSolved ? Math.min(us, 30_000) : us, !isSolved);
  const steps = repeat(failures, (at) => {
    const one = make(site, us, true);
    return [wrap?.(one, at) ?? one, work((us * 0.8 * (at + 1)) / failures)];
  });
  put(site, [...steps, wrap?.(last, failures) ?? last, work(100)]);
  return culpritOf(last);
}

const request: Attempt = ({ place }, us, isFailed) =>
  httpCall(place.dialect, {
    host: "tokens.example.com",
    path: () => "/oauth/token",
    method: "POST",
    us,
    status: isFailed ? 503 : 200,
  });

/** Marks a span and all above it as failed. */
function failUp(rec: TraceRecorder, spanId: string | undefined): void {
  for (let id = spanId; id !== undefined; ) {
    const span = rec.spans.find((candidate) => candidate.spanId === id);
    if (span !== undefined) span.isError = true;
    id = span?.parentSpanId;
  }
}

const failFromLast = (rec: TraceRecorder, culprit: Culprit | undefined): Culprit | undefined => {
  failUp(rec, rec.spans.findLast(({ isError }) => isError)?.spanId);
  return culprit;
};

export const FAILURE_TROUBLES: readonly Trouble[] = [
  { kind: "retries", shape: "until it worked", inject: (site) => tries(site, request) },
  {
    kind: "retries",
    shape: "in vain",
    inject: (site) => tries(site, request, { isSolved: false }),
    damage: failFromLast,
  },
  {
    kind: "retries",
    shape: "counted by the client",
    inject: (site) => {
      let sent = 0;
      const make: Attempt = ({ place }, us, isFailed) => {
        const more =
          sent === 0
            ? {}
            : { [place.dialect.conventions === "old" ? "http.resend_count" : "http.request.resend_count"]: sent };
        sent += 1;
        return httpCall(place.dialect, {
          host: "hooks.example.com",
          path: () => "/deliver",
          us,
          status: isFailed ? 500 : 200,
          more,
        });
      };
      const failures = site.random.between(1, 3);
      const us = site.extraUs / (failures * 1.4);
      const steps = repeat(failures, () => [make(site, us, true), work(us * 0.4)]);
      const last = make(site, Math.min(us, 20_000), false);
      put(site, [...steps, last]);
      return culpritOf(last);
    },
  },
  {
    kind: "retries",
    shape: "counted, their failures unmarked",
    inject: (site) => {
      const key = site.place.dialect.conventions === "old" ? "http.resend_count" : "http.request.resend_count";
      const failures = site.random.between(1, 3);
      const us = site.extraUs / (failures * 1.5);
      const make = (at: number, callUs: number): SpanStep => {
        const one = httpCall(site.place.dialect, {
          host: "rates.example.com",
          path: () => "/latest",
          us: callUs,
          status: at === failures ? 200 : 429,
          more: at === 0 ? {} : { [key]: at },
        });
        return { ...one, isError: false };
      };
      put(
        site,
        repeat(failures + 1, (at) => [
          make(at, at === failures ? Math.min(us, 20_000) : us),
          work(at === failures ? 100 : us * 0.5),
        ]),
      );
      return culpritOf(make(0, 1));
    },
  },
  {
    kind: "retries",
    shape: "in spans of their own",
    inject: (site) =>
      tries(site, request, {
        wrap: (one, at) => ({
          ...inner(site.place.dialect, `attempt ${at + 1}`, [one]),
          isError: one.isError ?? false,
        }),
      }),
  },
  {
    kind: "retries",
    shape: "of a statement, after a deadlock",
    inject: (site) =>
      tries(site, ({ place }, us, isError) => ({
        ...query(place.dialect, { table: "balances", verb: "UPDATE", us }),
        isError,
      })),
  },
  {
    kind: "retries",
    shape: "of a traced service",
    inject: (site) =>
      tries(site, ({ place, other }, us, isError) => {
        const one = call(place.dialect, other, {
          route: "/reserve",
          protocol: "grpc",
          networkUs: 800,
          steps: [work(us * 0.9), query(other, { table: "seats", us: us * 0.1 })],
        });
        const steps = one.steps.map((step): Step => (step.is === "span" ? { ...step, isError } : step));
        return { ...one, isError, steps };
      }),
  },
  {
    kind: "error-origin",
    shape: "a query",
    inject: (site) => failing(site, query(site.place.dialect, { table: "ledger", us: 2000 })),
    damage: failFromLast,
  },
  {
    kind: "error-origin",
    shape: "a request",
    inject: (site) =>
      failing(
        site,
        httpCall(site.place.dialect, { host: "fraud.example.com", path: () => "/score", us: 9000, status: 500 }),
      ),
    damage: failFromLast,
  },
  {
    kind: "error-origin",
    shape: "a step",
    inject: (site) => failing(site, inner(site.place.dialect, "Invoice.validate", [work(900)])),
    damage: failFromLast,
  },
  {
    kind: "error-origin",
    shape: "deep in another service",
    inject: (site) => {
      const origin: SpanStep = { ...inner(site.other, "decode_token", [work(700)]), isError: true };
      put(site, [
        call(site.place.dialect, site.other, {
          route: "/verify",
          protocol: "http",
          networkUs: 700,
          steps: [work(500), query(site.other, { table: "keys", us: 1200 }), origin],
        }),
      ]);
      return culpritOf(origin);
    },
    damage: failFromLast,
  },
  {
    kind: "error-origin",
    shape: "passed on by spans that set no status",
    inject: (site) => {
      const { dialect } = site.place;
      const origin: SpanStep = { ...query(dialect, { table: "imports", us: 1500 }), isError: true };
      put(site, [inner(dialect, "Import.run", [work(100), inner(dialect, "Import.row", [origin])])]);
      return culpritOf(origin);
    },
    damage: (rec, culprit) => {
      const [root] = rec.spans;
      if (root !== undefined) root.isError = true;
      return culprit;
    },
  },
  {
    kind: "error-origin",
    shape: "that ends the request early",
    inject: (site) => {
      const { owner, steps } = site.place;
      if (owner !== site.root && site.root.steps.includes(owner) === false) return undefined;
      const origin: SpanStep = { ...query(site.place.dialect, { table: "sessions", us: 2500 }), isError: true };
      steps.splice(2, steps.length, origin);
      return culpritOf(origin);
    },
    damage: failFromLast,
  },
];

function failing(site: Site, one: SpanStep): Culprit {
  put(site, [{ ...one, isError: true }]);
  return culpritOf(one);
}
