import type { FindingKind } from "@/features/traces/domain/diagnosis/finding";
import { AWKWARD_FAULTS } from "./awkward-faults";
import { CALL_FAULTS, each } from "./call-faults";
import type { TraceRecorder } from "./trace-recorder";
import type { Calls, Where } from "./traced-apps";

const MS = 1000;
const YEAR_US = 365 * 24 * 3600 * 1e6;

export type Injected = Where | undefined;
export type Fault = {
  variant: string;
  kind: FindingKind;
  /** Happens in the handler; answers whom the finding must name. */
  trouble?: (calls: Calls) => Injected;
  /** Changes the finished recording instead. */
  damage?: (recorder: TraceRecorder) => Injected;
};

/** Every kind, in the shapes it comes in. */
export const FAULTS: readonly Fault[] = [
  ...CALL_FAULTS,
  ...AWKWARD_FAULTS,
  {
    variant: "between calls",
    kind: "unaccounted-time",
    trouble: (c) =>
      c.step("Projects::Export", () => {
        c.query("files", 1, { us: 2000 });
        c.rec.work(900 * MS);
        c.query("files", 2, { us: 2000 });
      }),
  },
  {
    variant: "in the handler",
    kind: "unaccounted-time",
    trouble: (c) => {
      c.rec.work(1200 * MS);
      return c.handler;
    },
  },
  {
    variant: "leaf",
    kind: "heavy-span",
    trouble: (c) => c.step("Simulation#render", () => c.rec.work(c.rec.random.between(400, 3000) * MS)),
  },
  {
    variant: "leaf in a traced service",
    kind: "heavy-span",
    trouble: (c) => c.remote("thumbnails", "/render", () => c.rec.work(800 * MS)).server,
  },
  {
    variant: "outlasting the request",
    kind: "queue-wait",
    trouble: (c) =>
      c.enqueue({
        service: "worker",
        job: "MailJob",
        waitUs: c.rec.random.between(1500, 60_000) * MS,
        body: () => {
          c.rec.work(20 * MS);
          c.query("mails", 1, { us: 4000 });
        },
      }),
  },
  {
    variant: "succeeding",
    kind: "retries",
    trouble: (c) => {
      const n = c.rec.random.between(1, 4);
      for (let at = 0; at < n; at += 1) {
        c.http("flaky.example.com", "/token", { us: 150 * MS, isError: true });
        c.rec.work(100 * MS * 2 ** at);
      }
      return c.http("flaky.example.com", "/token", { us: 60 * MS });
    },
  },
  {
    variant: "failing in the end",
    kind: "retries",
    trouble: (c) =>
      each(4, (at) => {
        c.rec.work(at * 60 * MS);
        return c.http("flaky.example.com", "/token", { us: 250 * MS, isError: true });
      }),
    damage: (r) => {
      failUp(r, r.spans.findLast(({ isError }) => isError)?.spanId);
      return undefined;
    },
  },
  {
    variant: "wrapped attempts",
    kind: "retries",
    trouble: (c) => {
      let where: Injected;
      for (let at = 1; at <= 3; at += 1)
        c.step(
          `attempt ${at}`,
          () => {
            where = c.http("flaky.example.com", "/token", { us: 200 * MS, isError: at < 3 });
          },
          at < 3,
        );
      return where;
    },
  },
  {
    variant: "query",
    kind: "error-origin",
    trouble: (c) => c.query("ledgers", 1, { us: 3000, isError: true }),
    damage: (r) => {
      failUp(r, r.spans.findLast(({ isError }) => isError)?.spanId);
      return undefined;
    },
  },
  {
    variant: "deep in a traced service",
    kind: "error-origin",
    trouble: (c) => {
      let where: Injected;
      c.remote(
        "auth",
        "/verify",
        () => {
          where = c.step("decode token", () => c.rec.work(800), true);
        },
        true,
      );
      return where && { ...where, service: "auth" };
    },
    damage: (r) => {
      failUp(r, r.spans.findLast(({ isError }) => isError)?.spanId);
      return undefined;
    },
  },
  ...[25 * MS, -40 * MS, 3600e6, YEAR_US, -YEAR_US].map(
    (skewUs): Fault => ({
      variant: `${skewUs} µs`,
      kind: "clock-skew",
      trouble: (c) =>
        c.remote("clocky", "/time", () => {
          c.rec.work(4000);
          c.query("ticks", 1, { us: 2000 });
        }).server,
      damage: (r) => {
        for (const span of r.spans)
          if (span.service === "clocky") {
            span.startUs += skewUs;
            span.endUs += skewUs;
          }
        return undefined;
      },
    }),
  ),
  {
    variant: "a lost parent",
    kind: "missing-spans",
    trouble: (c) => {
      let where: Injected;
      c.step("LOST", () => {
        where = c.step("Report#collect", () => {
          c.rec.work(9000);
          c.query("rows", 1, { us: 40 * MS });
        });
      });
      return where;
    },
    damage: (r) => {
      const at = r.spans.findIndex(({ name }) => name === "LOST");
      r.spans.splice(at, 1);
      return undefined;
    },
  },
];

/** Marks a span and all above it as failed. */
function failUp(recorder: TraceRecorder, spanId: string | undefined): void {
  for (let id = spanId; id !== undefined; ) {
    const span = recorder.spans.find((candidate) => candidate.spanId === id);
    if (span !== undefined) span.isError = true;
    id = span?.parentSpanId;
  }
}
