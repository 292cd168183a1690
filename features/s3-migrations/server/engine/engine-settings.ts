import { MAX_PART_BYTES } from "../../domain/part-size";

/** Times of the engine. Tests shorten them; a deployment has no reason to. */
export type EngineSettings = {
  /** A worker that says nothing for this long has lost its chunk. */
  leaseMs: number;
  renewMs: number;
  /** How often a worker looks for work and for what people want. */
  pollMs: number;
  /** How often a worker looks for something to list: somebody has just asked for it and watches. */
  listPollMs: number;
  /** Results are written at this number or this age, whichever comes first. */
  flushObjects: number;
  flushMs: number;
  /** The leader's beat. */
  tickMs: number;
  sampleMs: number;
  /** How often a worker looks for parts that an ended migration left behind. */
  sweepMs: number;
  /** Parts of an object that failed are kept this long, for a retry to go on with. */
  abandonedMs: number;
  /** Chunks a worker holds at once per migration: two, so that the tail of one overlaps the head of the next. */
  chunksAtOnce: number;
  /** While a migration soaks, this many objects are read back this often. */
  soakMs: number;
  soakObjects: number;
  /** The most that one request has a server copy by itself: what S3 allows. */
  serverCopyBytes: number;
};

export const ENGINE_SETTINGS: EngineSettings = {
  leaseMs: 30_000,
  renewMs: 10_000,
  pollMs: 500,
  listPollMs: 200,
  flushObjects: 250,
  flushMs: 2000,
  tickMs: 1000,
  sampleMs: 5000,
  sweepMs: 5000,
  abandonedMs: 24 * 3_600_000,
  chunksAtOnce: 2,
  soakMs: 60_000,
  soakObjects: 20,
  serverCopyBytes: MAX_PART_BYTES,
};
