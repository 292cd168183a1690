import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { StreamLimit } from "./stream-limit";

const stream = { method: "GET", url: "/api/runs/1/events?since=4" } as IncomingMessage;
const open = () => new EventEmitter() as unknown as ServerResponse;

describe("StreamLimit", () => {
  it("refuses one stream too many with a time to come back, and admits again when one closes", () => {
    const limit = new StreamLimit();
    const [first, ...others] = Array.from({ length: 2000 }, open);
    for (const response of [first, ...others]) if (response !== undefined) limit.admit(stream, response);
    expect(() => limit.admit(stream, open())).toThrow(
      expect.objectContaining({ code: "unavailable", retryAfterSeconds: 10 }),
    );
    first?.emit("close");
    expect(() => limit.admit(stream, open())).not.toThrow();
  });

  it("does not count what is no stream", () => {
    const limit = new StreamLimit();
    const page = { method: "GET", url: "/runs/1?tab=/events" } as IncomingMessage;
    for (let count = 0; count < 3000; count += 1) limit.admit(page, open());
    expect(() => limit.admit(stream, open())).not.toThrow();
  });
});
