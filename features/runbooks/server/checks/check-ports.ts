/** What a probe found, by the names its expectation speaks of. */
export type CheckFacts = Readonly<Record<string, unknown>>;

/** The other pillars as a check sees them; joined by the process that knows them all. `undefined`: no such thing. */
export type CheckPorts = {
  migration: (name: string, signal: AbortSignal) => Promise<CheckFacts | undefined>;
  traces: (
    asked: { service: string; operation: string; tags: Record<string, string>; lookbackMs: number },
    signal: AbortSignal,
  ) => Promise<CheckFacts>;
};
