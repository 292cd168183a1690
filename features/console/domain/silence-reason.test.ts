import { describe, expect, it } from "vitest";
import type { TraceSource } from "./neighbours";
import { silenceReason } from "./silence-reason";

const source: TraceSource = {
  state: "up",
  host: "127.0.0.1:16686",
  latencyMs: 806,
  isEmbedded: true,
  downSince: null,
  reason: null,
};
const away = { status: "down", components: [{ name: "database", status: "down" }] } as const;

describe("silenceReason", () => {
  it("blames the database before the source that reads from it", () => {
    const health = { ...away, components: [...away.components] };
    expect(silenceReason({ health, traceSource: { ...source, state: "down" } })).toBe("the database does not answer");
  });

  // With a full disk the source answered in 806 ms, and the card said that it does not.
  it("blames no source that was heard", () => {
    expect(silenceReason({ health: undefined, traceSource: source })).toBe("newer traces cannot be read at the moment");
  });

  it("blames a source that was not heard", () => {
    for (const traceSource of [undefined, { ...source, state: "down" as const }])
      expect(silenceReason({ health: undefined, traceSource })).toBe("the trace source does not answer");
  });
});
