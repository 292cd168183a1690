import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TraceCache } from "./trace-cache";

const IDLE_MS = 60_000;
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const load = (cache: TraceCache<{ sizeBytes: number }>, key: string, sizeBytes = 10) =>
  cache.load(key, async () => ({ sizeBytes }));

describe("TraceCache", () => {
  it("lets go of what nobody has used for the idle time, the newest too", async () => {
    const cache = new TraceCache<{ sizeBytes: number }>({ maxBytes: 100, idleMs: IDLE_MS });
    await load(cache, "a");
    await load(cache, "b", 500);
    expect(cache.sizeBytes).toBe(500);
    vi.advanceTimersByTime(IDLE_MS);
    expect(cache.sizeBytes).toBe(0);
    expect(cache.get("b")).toBeUndefined();
  });

  it("keeps what is used again and again, and lets go of it once that ends", async () => {
    const cache = new TraceCache<{ sizeBytes: number }>({ maxBytes: 100, idleMs: IDLE_MS });
    await load(cache, "used");
    await load(cache, "idle");
    for (let round = 0; round < 5; round += 1) {
      vi.advanceTimersByTime(IDLE_MS * 0.9);
      expect(cache.get("used"), `round ${round}`).toBeDefined();
    }
    expect(cache.get("idle")).toBeUndefined();
    expect(cache.sizeBytes).toBe(10);
    vi.advanceTimersByTime(IDLE_MS);
    expect(cache.sizeBytes).toBe(0);
  });

  it("holds at most its bytes, and the newest whatever its size", async () => {
    const cache = new TraceCache<{ sizeBytes: number }>({ maxBytes: 100 });
    await load(cache, "a", 60);
    await load(cache, "b", 60);
    expect([cache.get("a"), cache.sizeBytes]).toEqual([undefined, 60]);
    await load(cache, "b", 30);
    expect(cache.sizeBytes).toBe(30);
    await load(cache, "big", 1000);
    expect([cache.get("b"), cache.sizeBytes]).toEqual([undefined, 1000]);
  });

  it("leaves no timer behind once it is empty, nor without an idle time", async () => {
    const cache = new TraceCache<{ sizeBytes: number }>({ maxBytes: 100, idleMs: IDLE_MS });
    await load(cache, "a");
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(IDLE_MS);
    expect(vi.getTimerCount()).toBe(0);
    await load(new TraceCache<{ sizeBytes: number }>({ maxBytes: 100 }), "a");
    expect(vi.getTimerCount()).toBe(0);
  });
});
