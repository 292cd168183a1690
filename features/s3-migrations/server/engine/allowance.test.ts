import { describe, expect, it } from "vitest";
import { Allowance } from "./allowance";

const never = new AbortController().signal;

/** A limit whose clock and shares the test sets. */
function stage(answers: (wished: number) => { granted: number; waitMs: number; tookMs?: number }) {
  let nowMs = 1000;
  const asked: { needed: number; wished: number }[] = [];
  const allowance = new Allowance({
    nowMs: () => nowMs,
    pause: async (ms) => {
      nowMs += ms;
    },
    take: async (ask) => {
      asked.push(ask);
      const { tookMs = 0, ...grant } = answers(ask.wished);
      nowMs += tookMs;
      return grant;
    },
  });
  allowance.setLimited(true);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { allowance, asked, pass };
}

describe("Allowance", () => {
  it("asks once for everything that waits", async () => {
    const { allowance, asked } = stage((wished) => ({ granted: wished, waitMs: 0 }));
    await Promise.all(Array.from({ length: 500 }, () => allowance.spend(1, never)));
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it("lets pass without asking while there is no limit", async () => {
    const { allowance, asked } = stage(() => ({ granted: 0, waitMs: 1000 }));
    allowance.setLimited(false);
    await allowance.spend(1, never);
    expect(asked).toEqual([]);
  });

  it("serves in the order in which they came, also after waiting", async () => {
    let turn = 0;
    const { allowance } = stage(() => ({ granted: turn++ % 2, waitMs: 50 }));
    const served: number[] = [];
    await Promise.all([1, 2, 3].map((n) => allowance.spend(1, never).then(() => served.push(n))));
    expect(served).toEqual([1, 2, 3]);
  });

  it("throws away what it got while it was frozen", async () => {
    let isSlow = true;
    const { allowance, asked } = stage((wished) => {
      const tookMs = isSlow ? 5000 : 0;
      isSlow = false;
      return { granted: wished, waitMs: 0, tookMs };
    });
    await allowance.spend(1, never);
    expect(asked).toHaveLength(2);
  });

  it("throws away what it did not use in time", async () => {
    const { allowance, asked, pass } = stage(() => ({ granted: 10, waitMs: 0 }));
    await allowance.spend(1, never);
    pass(401);
    await allowance.spend(1, never);
    expect(asked).toHaveLength(2);
  });

  it("lets go of one who leaves, and serves the next", async () => {
    const leaving = new AbortController();
    const { allowance } = stage((wished) => ({ granted: wished, waitMs: 0 }));
    const left = allowance.spend(1, leaving.signal);
    const stays = allowance.spend(1, never);
    leaving.abort(new Error("enough"));
    await expect(left).rejects.toThrow("enough");
    await stays;
  });

  it("lets everybody go on once the limit is taken away", async () => {
    let isFirst = true;
    const { allowance } = stage(() => {
      isFirst = false;
      return { granted: 0, waitMs: 50 };
    });
    const waiting = allowance.spend(1, never);
    allowance.setLimited(false);
    await waiting;
    expect(isFirst).toBe(false);
  });
});
