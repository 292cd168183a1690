import type { Random } from "../seeded-random";
import type { Attributes, SpanOptions, TraceRecorder } from "../trace-recorder";

/** Time that passes in the span around it. */
export type Work = { is: "work"; us: number };
/** A span, and what happens in it. */
export type SpanStep = {
  is: "span";
  name: string;
  service: string;
  kind: NonNullable<SpanOptions["kind"]>;
  /** Made anew for each request: ids and values differ. */
  attributes: (random: Random) => Attributes;
  steps: Step[];
  isError?: boolean;
  /** Lets go of what it causes: what stands after `later` steps in it runs without waiting. */
  linksTo?: string;
};
/** A program's request as an instrumented program does it: what a world is made of and what trouble is put into. */
export type Step =
  | Work
  | SpanStep
  | { is: "at-once"; branches: Step[][] }
  | { is: "maybe"; share: number; steps: Step[] }
  | { is: "later"; waitUs: number; steps: Step[] }
  /** Nothing happens until what was left for later is done. */
  | { is: "await" };

export const work = (us: number): Work => ({ is: "work", us });

type Run = { rec: TraceRecorder; sigma: number; lastProducer: string | undefined; laterEndUs: number };

/** Does the steps into a recorder; times are log-normal about what the steps say. */
export function runSteps(steps: readonly Step[], run: Run): void {
  for (const step of steps) runStep(step, run);
}

function runStep(step: Step, run: Run): void {
  const { rec } = run;
  if (step.is === "work") rec.pass(step.us * spread(rec.random, run.sigma));
  else if (step.is === "maybe") {
    if (rec.random.next() < step.share) runSteps(step.steps, run);
  } else if (step.is === "await") rec.pass(Math.max(0, run.laterEndUs + 300 - rec.atUs));
  else if (step.is === "at-once") rec.parallel(step.branches.map((branch) => () => runSteps(branch, run)));
  else if (step.is === "later")
    rec.later(step.waitUs * spread(rec.random, run.sigma), () => {
      runSteps(step.steps, run);
      run.laterEndUs = rec.atUs;
    });
  else runSpan(step, run);
}

function runSpan(step: SpanStep, run: Run): void {
  const { rec } = run;
  const { name, service, kind, isError = false } = step;
  const links = step.linksTo === "producer" && run.lastProducer !== undefined ? { links: [run.lastProducer] } : {};
  const span = rec.span({ name, service, kind, isError, attributes: step.attributes(rec.random), ...links }, () => {
    if (kind === "producer") run.lastProducer = rec.openSpanId;
    runSteps(step.steps, run);
  });
  if (kind === "producer") run.lastProducer = span.spanId;
}

/** About 1, log-normal, never beyond four deviations. */
function spread(random: Random, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(random.next() + 1e-12)) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(sigma * Math.max(-4, Math.min(4, normal)));
}

/** How long the steps take when nothing varies, with what happens in at least half of the requests. */
export function nominalUs(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => {
    if (step.is === "work") return sum + step.us;
    if (step.is === "span") return sum + nominalUs(step.steps);
    if (step.is === "at-once") return sum + Math.max(0, ...step.branches.map(nominalUs));
    if (step.is === "maybe") return sum + (step.share >= 0.5 ? nominalUs(step.steps) : 0);
    return sum;
  }, 0);
}

/** The same steps, each `factor` times as long. */
export function scale(steps: readonly Step[], factor: number): Step[] {
  return steps.map((step) => {
    if (step.is === "work") return work(step.us * factor);
    if (step.is === "span" || step.is === "maybe") return { ...step, steps: scale(step.steps, factor) };
    if (step.is === "await") return step;
    if (step.is === "later") return { ...step, waitUs: step.waitUs, steps: scale(step.steps, factor) };
    return { ...step, branches: step.branches.map((branch) => scale(branch, factor)) };
  });
}

/** A copy that can be changed. */
export function copySpan(span: SpanStep): SpanStep {
  return { ...span, steps: copySteps(span.steps) };
}

function copySteps(steps: readonly Step[]): Step[] {
  return steps.map((step) => {
    if (step.is === "work" || step.is === "await") return { ...step };
    if (step.is === "at-once") return { ...step, branches: step.branches.map(copySteps) };
    return { ...step, steps: copySteps(step.steps) };
  });
}
