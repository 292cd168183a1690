import { describe, expect, it } from "vitest";
import { closeAllStreams, type SseFrame, sseResponse } from "./sse";

function counting(): { frames: AsyncGenerator<SseFrame>; made: () => number; isClosed: () => boolean } {
  let made = 0;
  let isClosed = false;
  async function* generate(): AsyncGenerator<SseFrame> {
    try {
      for (;;) {
        made += 1;
        yield { event: "snapshot", id: String(made), data: { made } };
      }
    } finally {
      isClosed = true;
    }
  }
  return { frames: generate(), made: () => made, isClosed: () => isClosed };
}

const readText = async (reader: ReadableStreamDefaultReader<Uint8Array>) =>
  new TextDecoder().decode((await reader.read()).value);

describe("sseResponse", () => {
  it("frames event, id and data, after the reconnect hint", async () => {
    const response = sseResponse(counting().frames, new AbortController().signal);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(await readText(reader)).toBe("retry: 1000\n\n");
    expect(await readText(reader)).toBe('event: snapshot\nid: 1\ndata: {"made":1}\n\n');
    await reader.cancel();
  });

  it("makes frames only as fast as they are read", async () => {
    const source = counting();
    const reader = (
      sseResponse(source.frames, new AbortController().signal).body as ReadableStream<Uint8Array>
    ).getReader();
    await reader.read();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.made()).toBeLessThanOrEqual(4);
    await reader.cancel();
    expect(source.isClosed()).toBe(true);
  });

  it("ends when the reader leaves, and when the process closes its streams", async () => {
    const quiet = async function* (): AsyncGenerator<SseFrame> {
      await new Promise(() => {});
      yield { data: "never" };
    };
    const leave = new AbortController();
    for (const end of [() => leave.abort(), closeAllStreams]) {
      const reader = (sseResponse(quiet(), leave.signal).body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      const next = reader.read();
      end();
      expect((await next).done).toBe(true);
    }
  });
});
