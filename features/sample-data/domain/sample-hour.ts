import { RELEASES, tellRequest } from "./circuitverse";
import type { PlacedTrace } from "./otlp";
import { createRandom } from "./random";

const HOUR_US = 3_600_000_000;
/** The deploy lies two thirds into the hour: long enough before to compare, long enough after to see. */
const DEPLOY_AT = 0.62;
const HOSTS: [string, ...string[]] = ["web-1", "web-2", "web-3"];

export type SampleHourOptions = {
  seed: number;
  /** End of the hour, microseconds since 1970. */
  endUnixUs: number;
  traceCount: number;
};

/**
 * A believable hour of traffic, oldest first. All traces end before `endUnixUs`; the same options give the same hour.
 */
export function* sampleHour({ seed, endUnixUs, traceCount }: SampleHourOptions): Generator<PlacedTrace> {
  const random = createRandom(seed);
  const startUnixUs = endUnixUs - HOUR_US;
  for (let index = 0; index < traceCount; index += 1) {
    // Evenly spread with jitter inside each slot, so that rates look steady and nothing is in lockstep.
    const position = (index + random.next()) / traceCount;
    const isAfterDeploy = position > DEPLOY_AT;
    const trace = tellRequest({ random, isAfterDeploy });
    const latestStart = endUnixUs - Math.max(...trace.spans.map((span) => span.endUs)) - 1000;
    yield {
      trace,
      startUnixUs: Math.min(Math.round(startUnixUs + position * HOUR_US), latestStart),
      version: isAfterDeploy ? RELEASES.after : RELEASES.before,
      host: random.pick(HOSTS),
    };
  }
}
