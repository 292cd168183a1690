import type { FindingKind } from "@/features/traces/domain/diagnosis/finding";
import type { Random } from "../seeded-random";
import type { TraceRecorder } from "../trace-recorder";
import type { Dialect } from "./dialect";
import type { SpanStep, Step } from "./step";
import type { World } from "./world";

export type Culprit = { service: string; operation: string };

/** A stretch of some program that trouble can be put into. */
export type Place = { owner: SpanStep; steps: Step[]; dialect: Dialect };

export type Site = {
  world: World;
  /** A copy, to be changed. */
  root: SpanStep;
  place: Place;
  random: Random;
  /** How much longer the request shall take. */
  extraUs: number;
  /** Another service of the world. */
  other: Dialect;
};

export type Trouble = {
  kind: FindingKind;
  shape: string;
  /** Changes the program; answers whom a finding must name, or nothing where the world has no place for it. */
  inject?: (site: Site) => Culprit | undefined;
  /** Changes the finished recording instead, or after it. */
  damage?: (rec: TraceRecorder, culprit: Culprit | undefined, site: Site) => Culprit | undefined;
};

export const culpritOf = ({ service, name }: SpanStep): Culprit => ({ service, operation: name });

/** All places of a program that are waited for by themselves. */
export function placesOf(world: World, root: SpanStep): Place[] {
  const found: Place[] = [];
  const visit = (span: SpanStep) => {
    const dialect = world.dialects.find(({ service }) => service === span.service);
    if (dialect === undefined || span.kind === "consumer" || span.kind === "producer") return;
    const hasBody = span.steps.filter(({ is }) => is === "span").length >= 2;
    if (span.kind !== "client" && hasBody) found.push({ owner: span, steps: span.steps, dialect });
    for (const step of span.steps) if (step.is === "span") visit(step);
  };
  visit(root);
  return found;
}

/** Puts steps somewhere into the place, never first. */
export function put({ place, random }: Site, steps: readonly Step[]): void {
  place.steps.splice(random.between(1, place.steps.length), 0, ...steps);
}

/** The first span below a program that a test holds for. */
export function findSpan(steps: readonly Step[], holds: (span: SpanStep) => boolean): SpanStep | undefined {
  for (const step of steps) {
    if (step.is !== "span") continue;
    if (holds(step)) return step;
    const below = findSpan(step.steps, holds);
    if (below !== undefined) return below;
  }
  return undefined;
}

export const repeat = (count: number, make: (at: number) => readonly Step[]): Step[] =>
  Array.from({ length: count }, (_, at) => make(at)).flat();
