import { describe, expect, it } from "vitest";
import { Wake } from "./wake";

const LONG_MS = 60_000;
const never = new AbortController().signal;

describe("Wake", () => {
  it("ends a wait that is under way", async () => {
    const wake = new Wake();
    const waiting = wake.wait(LONG_MS, never);
    wake.call();
    await waiting;
  });

  it("ends the next wait when nobody waited, and only that one", async () => {
    const wake = new Wake();
    wake.call();
    wake.call();
    await wake.wait(LONG_MS, never);
    const stop = new AbortController();
    let isOver = false;
    const next = wake.wait(LONG_MS, stop.signal).then(() => {
      isOver = true;
    });
    await Promise.resolve();
    expect(isOver).toBe(false);
    stop.abort();
    await next;
  });

  it("ends by itself after its time, and at once under a signal that has aborted", async () => {
    const wake = new Wake();
    await wake.wait(1, never);
    await wake.wait(LONG_MS, AbortSignal.abort());
  });
});
