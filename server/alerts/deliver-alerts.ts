import { messageOf } from "@/lib/errors";
import { pause } from "@/server/jobs/pause";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { Outage } from "@/server/log/outage";
import { type Due, fanOut, settle, takeDue } from "./alert-repository";
import { alertTargets, type Target } from "./alert-targets";
import { tellReceivers } from "./receiver-repository";
import { sendEmail } from "./send-email";
import { sendWebhook } from "./send-webhook";

export type AlertTimes = {
  pollMs: number;
  /** A delivery of a worker that died is taken up again after this; longer than any attempt takes. */
  leaseMs: number;
  firstRetryMs: number;
  lastRetryMs: number;
  maxAttempts: number;
};

/** How often a worker says where its alerts go. */
const TELL_MS = 60_000;

/** Twenty attempts over half a day. */
const TIMES: AlertTimes = {
  pollMs: 1000,
  leaseMs: 60_000,
  firstRetryMs: 5000,
  lastRetryMs: 3_600_000,
  maxAttempts: 20,
};

/** Takes alerts from the outbox to where the settings say, each at least once, until it is taken or given up. */
export function createAlertTask(times: Partial<AlertTimes> = {}): WorkerTask {
  return { name: "alerts", run: (signal) => deliverAlerts({ ...TIMES, ...times }, signal) };
}

async function deliverAlerts(times: AlertTimes, signal: AbortSignal): Promise<void> {
  const outage = new Outage("alerts cannot be read from the database");
  const targets = alertTargets();
  let toldAtMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (performance.now() - toldAtMs > TELL_MS) {
        await tellReceivers(targets, 3 * TELL_MS);
        toldAtMs = performance.now();
      }
      await fanOut(targets);
      const due = await takeDue(times.leaseMs);
      outage.over();
      await Promise.all(due.map((delivery) => deliver(delivery, { targets, times, signal })));
    } catch (error) {
      outage.note(error);
    }
    await pause(times.pollMs, signal);
  }
}

type Context = { targets: readonly Target[]; times: AlertTimes; signal: AbortSignal };

async function deliver(delivery: Due, { targets, times, signal }: Context): Promise<void> {
  const target = targets.find(({ channel, name }) => channel === delivery.channel && name === delivery.target);
  try {
    if (target === undefined) throw new Error("the settings do not name this receiver any more");
    await (target.channel === "webhook" ? sendWebhook(delivery, target, signal) : sendEmail(delivery, target));
    await settle(delivery, { isDelivered: true });
  } catch (error) {
    const isOver = delivery.attempts >= times.maxAttempts;
    const retryAfterMs = isOver ? undefined : retryMs(delivery.attempts, times);
    await settle(delivery, { isDelivered: false, error: messageOf(error), retryAfterMs });
  }
}

/** Doubling, with half of it left to chance, so that a receiver that comes back is not met by all at once. */
function retryMs(attempts: number, { firstRetryMs, lastRetryMs }: AlertTimes): number {
  const fullMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
  return fullMs / 2 + (Math.random() * fullMs) / 2;
}
