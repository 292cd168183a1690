import { formatDuration } from "@/lib/format";
import { spell } from "./diagnosis/phrase";
import type { TraceSummary } from "./trace-summary";

/** Work that ends this much later than the answer is worth a word. */
const LEAST_RATIO = 1.1;
const LEAST_US = 1000;

/** Whether a trace is markedly longer than its caller waited. */
export function outlastsAnswer({ durationUs, requestUs }: Pick<TraceSummary, "durationUs" | "requestUs">): boolean {
  return requestUs !== undefined && durationUs > requestUs * LEAST_RATIO + LEAST_US;
}

/** What a reader must know of a trace's length, and why; nothing where the trace ends with its answer. */
export function lengthNote(
  summary: Pick<TraceSummary, "durationUs" | "requestUs" | "clocksApartUs">,
): { text: string; why: string; isDoubt: boolean } | undefined {
  const { durationUs, requestUs = 0, clocksApartUs = 0 } = summary;
  if (clocksApartUs > 0) {
    const apart = spell(clocksApartUs);
    const why = `Clocks of its services differ by ${apart} at least. Its length is told with them put right, so it is an estimate.`;
    return { text: `clocks differ by ${apart}`, why, isDoubt: true };
  }
  if (!outlastsAnswer(summary)) return undefined;
  const why = `Its root span, which the caller waits for, ended after ${formatDuration(requestUs)}. Work went on until ${formatDuration(durationUs)}.`;
  return { text: `answered in ${formatDuration(requestUs)}`, why, isDoubt: false };
}
