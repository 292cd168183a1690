/** What a store asks before it sends, so that limits hold for every request, whoever makes it. */
export type TrafficGate = {
  /** Before each request to a bucket. */
  request: (signal: AbortSignal) => Promise<void>;
  /** Bytes of objects, to the destination or back from it: given on as fast as the limit allows. */
  bytes: (body: AsyncIterable<Buffer> | Buffer, signal: AbortSignal) => AsyncIterable<Buffer>;
  isLimitingBytes: () => boolean;
  /** A request with little or nothing to carry was answered: how long that took, by store and method. */
  answered: (latency: { kind: string; ms: number }) => void;
};
