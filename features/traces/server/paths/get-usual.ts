import type { UsualReply } from "@/features/traces/domain/paths/usual-schema";
import { requestStartUs } from "@/features/traces/domain/trace-facts";
import type { OpenTrace } from "../open-trace";
import { runTask } from "../threads/run-task";
import type { Baselines } from "./baselines";

/** What is usual beside each row of a trace. A trace without a root has no history. */
export async function getUsualOf(baselines: Baselines, trace: OpenTrace, signal?: AbortSignal): Promise<UsualReply> {
  const { skeleton, facts } = trace;
  const { rootService, rootOperation } = facts;
  const of = { rootService, rootOperation, atUs: requestStartUs(skeleton), exceptTraceId: trace.ownTraceId };
  return runTask("usual", trace, await baselines.get(of, signal), signal);
}
