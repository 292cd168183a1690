import { describe, expect, it } from "vitest";
import { pause } from "./pause";

describe("pause", () => {
  it("ends at once, without a failure, when it is asked to stop", async () => {
    const abort = new AbortController();
    const paused = pause(60_000, abort.signal);
    abort.abort();
    await expect(paused).resolves.toBeUndefined();
    await expect(pause(60_000, abort.signal)).resolves.toBeUndefined();
  });

  it("fails for a time that is none, instead of turning a loop hot", async () => {
    await expect(pause("soon" as unknown as number, new AbortController().signal)).rejects.toThrow();
  });
});
