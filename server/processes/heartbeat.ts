import { randomUUID } from "node:crypto";
import os from "node:os";
import { messageOf } from "@/lib/errors";
import { isDiskFull } from "@/server/http/is-disk-full";
import { log } from "@/server/log/log";
import { deleteProcess, saveSignOfLife } from "./console-process-repository";
import { proportionalBytes } from "./process-identity";
import { clearTrouble, currentTrouble, noteTrouble, onTroubleChange } from "./trouble";

/** The overview shows a dead process within ten seconds: two missed beats. */
const BEAT_MS = 4000;

const DISK_IS_FULL = "cannot save anything, its disk is full";

/** Our share of memory: what processes share (Node itself, most of it) is counted once, where the system tells. */
function ownMemoryBytes(): number {
  return proportionalBytes(process.pid) || process.memoryUsage.rss();
}

type HeartbeatOptions = {
  name: string;
  address?: string | undefined;
  restarts?: number;
  /** Of which process this is reported; ourselves by default. */
  observe?: () => { pid: number; rssBytes: number; restarts: number; trouble?: string | undefined } | undefined;
};

/**
 * Says every few seconds that this process lives. A database that is away only costs beats. Returns the goodbye, to be
 * awaited before the database connections close.
 */
export function startHeartbeat({ name, address, restarts = 0, observe }: HeartbeatOptions): () => Promise<void> {
  const id = randomUUID();
  const startedAt = new Date();
  let isSilent = false;
  let beating: Promise<void> = Promise.resolve();
  const beat = async () => {
    const seen =
      observe === undefined
        ? { pid: process.pid, rssBytes: ownMemoryBytes(), restarts, trouble: currentTrouble() }
        : observe();
    if (seen === undefined) return;
    try {
      await saveSignOfLife({ id, name, host: os.hostname(), address, startedAt, ...seen });
      isSilent = false;
      clearTrouble(DISK_IS_FULL);
    } catch (error) {
      if (isDiskFull(error)) noteTrouble(DISK_IS_FULL);
      if (!isSilent) log().warn({ reason: messageOf(error) }, "cannot say that this process lives");
      isSilent = true;
    }
  };
  let isBeating = false;
  let isAgain = false;
  const beatOnce = () => {
    isAgain = isBeating;
    if (isBeating) return;
    isBeating = true;
    beating = beat().finally(() => {
      isBeating = false;
      if (isAgain) beatOnce();
    });
  };
  beatOnce();
  // Whoever looks at the console need not wait for the next beat to see that something broke, or works again.
  const unsubscribe = observe === undefined ? onTroubleChange(beatOnce) : () => {};
  const timer = setInterval(beatOnce, BEAT_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    unsubscribe();
    isAgain = false;
    await beating;
    // Without its database a process goes without a word; its signs of life grow old instead.
    await deleteProcess(id).catch(() => {});
  };
}
