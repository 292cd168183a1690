import { log } from "@/server/log/log";
import { addToIngestTotal } from "./fragment-repository";

const FLUSH_INTERVAL_MS = 1000;

/** Counts stored and rejected spans, and writes the counts down once a second: they are for people, spans are not in them. */
export class IngestTotals {
  private spans = 0;
  private rejected = 0;
  private lastAt = new Date(0);
  private timer: NodeJS.Timeout | undefined;

  add(spans: number, rejected: number): void {
    this.spans += spans;
    this.rejected += rejected;
    this.lastAt = new Date();
  }

  start(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async flush(): Promise<void> {
    const { spans, rejected } = this;
    if (spans === 0 && rejected === 0) return;
    this.spans = 0;
    this.rejected = 0;
    try {
      await addToIngestTotal(spans, rejected, this.lastAt);
    } catch (error) {
      this.spans += spans;
      this.rejected += rejected;
      log().warn({ err: error }, "the span counts could not be written");
    }
  }
}
