import { type Finding, TRUST_KINDS, type Verdict } from "./finding";
import { spell } from "./phrase";

/** "each step takes about 2.1 times its usual". */
const paceText = (pace: number): string =>
  `each step takes about ${pace >= 9.95 ? Math.round(pace) : pace.toFixed(1)} times its usual`;

type Judged = Pick<Verdict, "isConfident" | "unexplainedUs" | "pace" | "standing">;

/** Whether a finding explains time: where an error began, and how far the trace can be believed, do not. */
const isCause = ({ kind, severity }: Pick<Finding, "kind" | "severity">): boolean =>
  severity !== "info" && kind !== "error-origin" && !TRUST_KINDS.has(kind);

/** What stays open where the findings do not explain a slow trace; undefined where they do, or it is not known to be slow. */
export function doubtText(
  { isConfident, unexplainedUs, pace, standing }: Judged,
  findings: readonly Pick<Finding, "kind" | "severity">[],
): string | undefined {
  if (isConfident) return undefined;
  if (findings.some(isCause)) return `no finding explains most of it: ${spell(unexplainedUs)} is unexplained`;
  if (pace !== undefined) return `as slow as its parts: ${paceText(pace)}`;
  if (standing?.isSlow !== true) return undefined;
  return `slower than usual (${spell(standing.typicalUs)}), and no finding explains it`;
}

/** A shorter wait for a queue is how queues work. */
const MIN_WAIT_US = 400_000;

/** What stands beside the trace's own time: how long it lay in a queue before, and how common its slowness is. */
export function companyText({ standing, waitedBeforeUs = 0 }: Pick<Verdict, "standing" | "waitedBeforeUs">) {
  const texts = [
    ...(waitedBeforeUs >= MIN_WAIT_US
      ? [`Its work lay in the queue for ${spell(waitedBeforeUs)} before it began.`]
      : []),
    ...(standing?.slowCount === undefined
      ? []
      : [
          `${standing.slowCount} of ${standing.traceCount} such requests are as slow as this; the others take ${spell(standing.typicalUs)}.`,
        ]),
    ...(standing?.wayCount === undefined
      ? []
      : [
          `${standing.wayCount} of ${standing.traceCount} such requests go this longer way at any time and usually take ${spell(standing.typicalUs)}.`,
        ]),
  ];
  return texts.length === 0 ? undefined : texts.join(" ");
}
