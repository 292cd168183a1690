import { codeOf } from "@/lib/errors";
import { MS_PER_HOUR } from "@/lib/units";
import { env } from "@/server/config/env";
import { log } from "@/server/log/log";
import { findCurrentSegment, maintainSegments, type Retention } from "./segment-repository";

const MAINTENANCE_INTERVAL_MS = 5000;
const UNDEFINED_TABLE = "42P01";

/** Knows the segment to write to, and has segments rolled and dropped as time goes by. */
export class SegmentKeeper {
  private current: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  /** Runs `work` with the current segment; once more when that one was dropped meanwhile. */
  async write(work: (segment: number) => Promise<void>): Promise<void> {
    this.current ??= await findCurrentSegment();
    try {
      await work(this.current);
    } catch (error) {
      if (codeOf(error) !== UNDEFINED_TABLE) throw error;
      this.current = await findCurrentSegment();
      await work(this.current);
    }
  }

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.maintain());
    }, MAINTENANCE_INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round of {@link maintainSegments}; a failure is logged and the next round tries again. */
  async maintain(): Promise<void> {
    try {
      const { current, dropped } = await maintainSegments(retentionOf(env()));
      this.current = current;
      if (dropped.length > 0) log().info({ segments: dropped }, "dropped old spans");
    } catch (error) {
      log().warn({ err: error }, "segments could not be maintained");
    }
  }
}

/** A segment is a sixteenth of the bytes or a twenty-fourth of the time that are kept, whichever comes first. */
export function retentionOf(settings: {
  OPS_TRACE_RETENTION_HOURS: number;
  OPS_TRACE_RETENTION_BYTES: number;
}): Retention {
  const maxAgeMs = settings.OPS_TRACE_RETENTION_HOURS * MS_PER_HOUR;
  const maxBytes = settings.OPS_TRACE_RETENTION_BYTES;
  return { maxAgeMs, maxBytes, rollAgeMs: maxAgeMs / 24, rollBytes: maxBytes / 16 };
}
