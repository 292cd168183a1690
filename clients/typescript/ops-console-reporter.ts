/**
 * Reports an S3 migration to an ops-console: one file, no dependency but Node 20.
 *
 * Promises to the job that uses it:
 * - `report` writes to a file and returns; the network is never in its way, and nothing here throws into the job.
 * - What was written is sent in order, again after a lost answer or a restart, and dropped by nobody. What the console
 *   refuses for good is kept beside the spool in `refused.ndjson`.
 * - `desired` is what people want of the job ("running", "paused", "cancelled"), never older than one heartbeat.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

export type ReportState =
  | "pending"
  | "failed"
  | "missing_source"
  | "conflict"
  | "skipped_filtered"
  | "skipped_identical"
  | "copied"
  | "verified";

export type ReportItem = {
  key: string;
  state: ReportState;
  size?: number;
  checksum?: string;
  algo?: "crc32" | "crc32c" | "crc64nvme" | "md5" | "sha1" | "sha256";
  content_type?: string;
  error?: { class?: string; code?: string; message?: string };
  at?: string;
};

export type ReporterOptions = {
  /** Of the console: `http://127.0.0.1:3000`. */
  url: string;
  /** The job's own name for its migration; the token is for this name. */
  ref: string;
  token: string;
  /** A directory of this job alone; it survives the process. */
  spoolDir: string;
  name?: string;
  source?: string;
  destination?: string;
  declared?: { objects?: number; bytes?: number };
  /** One per process that reports at the same time. */
  writer?: string;
  timeoutMs?: number;
  heartbeatMs?: number;
  /** Told of what went wrong; the job goes on. */
  onTrouble?: (message: string) => void;
};

export type Desired = "running" | "paused" | "cancelled";

const BATCH_ITEMS = 500;
/** Half of what the console takes, so that no batch of long messages is refused. */
const BATCH_BYTES = 4 * 1024 * 1024;
const IDLE_MS = 200;
const MAX_PAUSE_MS = 30_000;
const MESSAGE_MAX = 2000;

/** A refusal, or the lack of an answer (`status` 0). */
type Answer = { status: number; body: Record<string, unknown>; retryAfterMs: number | undefined };
/** What was sent and not yet answered: a batch is frozen, so that it is the same one when it is sent again. */
type Place = { offset: number; batch?: { seq: number; end: number } };
type Work = "sent" | "idle" | "wait";

export class Reporter {
  /** What people want of the job. */
  desired: Desired = "running";
  readonly #options: Required<Pick<ReporterOptions, "timeoutMs" | "heartbeatMs" | "writer">> & ReporterOptions;
  readonly #spool: string;
  readonly #placeFile: string;
  readonly #refusedFile: string;
  #place: Place = { offset: 0 };
  #stream: { id: string; epoch: number; nextSeq: number } | undefined;
  #status: "running" | "paused" | "stopped" = "running";
  #currentKey: string | undefined;
  #isClosing = false;
  #failures = 0;
  #heardMs = 0;
  #wake: () => void = () => {};
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ReporterOptions) {
    this.#options = { timeoutMs: 2000, heartbeatMs: 5000, writer: "default", ...options };
    this.#spool = path.join(options.spoolDir, "spool.ndjson");
    this.#placeFile = path.join(options.spoolDir, "place.json");
    this.#refusedFile = path.join(options.spoolDir, "refused.ndjson");
    this.#safely("open the spool", () => this.#recover());
    this.#loop = this.#run();
  }

  /** Writes one item down. Never throws, never waits for the network; false when even the disk refused. */
  report(item: ReportItem): boolean {
    const line = this.#safely("write an item down", () => {
      const { error, ...rest } = item;
      const message = error?.message?.slice(0, MESSAGE_MAX).toWellFormed();
      const kept = error === undefined ? rest : { ...rest, error: { ...error, ...(message && { message }) } };
      fs.appendFileSync(this.#spool, `${JSON.stringify({ at: new Date().toISOString(), ...kept })}\n`);
      this.#currentKey = item.key;
      return true;
    });
    this.#wake();
    return line === true;
  }

  /** Resolves when the job may go on: at once, or when people resume. False means: stop, it was cancelled. */
  async mayGoOn(): Promise<boolean> {
    while (this.desired === "paused") {
      this.#status = "paused";
      await this.#rest(this.#options.heartbeatMs);
    }
    this.#status = this.desired === "cancelled" ? "stopped" : "running";
    return this.desired !== "cancelled";
  }

  /** Lines written down and not yet taken by the console. */
  get waiting(): boolean {
    return (this.#safely("look at the spool", () => fs.statSync(this.#spool).size) ?? 0) > this.#place.offset;
  }

  /** Waits until all is sent, at most `timeoutMs`; the rest stays on the disk for the next time. */
  async flush(timeoutMs = 30_000): Promise<boolean> {
    const endMs = performance.now() + timeoutMs;
    while (this.waiting && performance.now() < endMs) {
      this.#wake();
      await this.#rest(IDLE_MS);
    }
    return !this.waiting;
  }

  /** Ends the report when the job's own counts are what arrived. The console's answer, or why not. */
  async complete(
    claimed: { objects: number; bytes?: number; states?: Partial<Record<ReportState, number>> },
    keyDigest?: string,
  ): Promise<{ isComplete: boolean; code?: string; seen?: unknown }> {
    if (!(await this.flush()) || this.#stream === undefined) return { isComplete: false, code: "not_sent" };
    const { id: stream, epoch } = this.#stream;
    const json = { stream, epoch, claimed, ...(keyDigest === undefined ? {} : { key_digest: keyDigest }) };
    const answer = await this.#call("POST", "/complete", json);
    if (answer.status === 200) return { isComplete: true };
    return { isComplete: false, code: String(answer.body.code ?? "unreachable"), seen: answer.body.seen };
  }

  /** Sends what it can within `timeoutMs`, then lets go. What is left is sent by the next process with this spool. */
  async close(timeoutMs = 10_000): Promise<void> {
    await this.flush(timeoutMs);
    this.#status = "stopped";
    if (this.#stream !== undefined) await this.#beat();
    this.#isClosing = true;
    this.#wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      const work = await this.#turn().catch((error: unknown) => {
        this.#trouble(`the reporter failed: ${error}`);
        return "wait" as const;
      });
      if (work === "idle") await this.#rest(IDLE_MS);
    }
  }

  async #turn(): Promise<Work> {
    if (this.#stream === undefined && !(await this.#open())) return "wait";
    const work = await this.#sendNext();
    if (work === "idle" && performance.now() - this.#heardMs > this.#options.heartbeatMs) await this.#beat();
    return work;
  }

  async #open(): Promise<boolean> {
    const { name, source, destination, declared, writer } = this.#options;
    const put = await this.#call("PUT", "", { name, source, destination, declared });
    if (put.status !== 200 && put.status !== 201) return this.#backOff(put);
    const opened = await this.#call("POST", "/streams", { writer });
    if (opened.status !== 200) return this.#backOff(opened);
    const { stream, epoch, next_seq } = opened.body;
    this.#stream = { id: String(stream), epoch: Number(epoch), nextSeq: Number(next_seq) };
    const { batch } = this.#place;
    // Applied in an earlier life whose answer was lost.
    if (batch !== undefined && batch.seq < Number(next_seq)) this.#moveOn(batch.end);
    return true;
  }

  async #sendNext(): Promise<Work> {
    const stream = this.#stream;
    const items = this.#nextItems();
    if (stream === undefined || items === undefined) return "idle";
    const { batch } = this.#place;
    if (batch === undefined) return "idle";
    const answer = await this.#send(stream, batch.seq, items);
    if (answer.status === 200) {
      stream.nextSeq = Number(answer.body.next_seq);
      this.#failures = 0;
      this.#moveOn(batch.end);
      return "sent";
    }
    return (await this.#repair(answer, items)) ? "sent" : "wait";
  }

  #send(stream: { id: string; epoch: number }, seq: number, items: readonly unknown[]): Promise<Answer> {
    return this.#call("POST", `/streams/${stream.id}/batches`, { epoch: stream.epoch, seq, items });
  }

  /** Freezes the next lines as a batch; the same lines as before when they were sent and never answered. */
  #nextItems(): unknown[] | undefined {
    const lines = this.#safely("read the spool", () =>
      readLines(this.#spool, this.#place.offset, this.#place.batch?.end),
    );
    if (lines === undefined || lines.items.length === 0) return undefined;
    this.#place.batch ??= { seq: this.#stream?.nextSeq ?? 1, end: lines.end };
    this.#savePlace();
    return lines.items;
  }

  /** Each refusal the console names can be put right here; true when it was, and sending goes on at once. */
  async #repair(answer: Answer, items: readonly unknown[]): Promise<boolean> {
    const { code } = answer.body;
    switch (code) {
      case "epoch_superseded":
      case "seq_reused_with_other_body":
        this.#stream = undefined;
        if (code === "seq_reused_with_other_body") this.#thaw();
        await this.#pause(answer);
        return false;
      case "seq_gap":
        if (this.#stream !== undefined) this.#stream.nextSeq = Number(answer.body.expected_seq);
        this.#thaw();
        return true;
      case "invalid_items":
      case "state_regression":
        return this.#setAside(answer, items);
      case "payload_too_large":
      case "malformed":
      case "stream_closed":
        return this.#setAllAside(String(code), items);
      default:
        return this.#backOff(answer);
    }
  }

  /** What the console will never take is kept in a file of its own, before the others go again as a new batch. */
  async #setAside(answer: Answer, items: readonly unknown[]): Promise<boolean> {
    const refused = Array.isArray(answer.body.items) ? answer.body.items : [];
    const bad = new Map(refused.map((entry: { index: number }) => [entry.index, entry]));
    const { batch } = this.#place;
    const stream = this.#stream;
    if (bad.size === 0 || batch === undefined || stream === undefined) {
      return this.#setAllAside(String(answer.body.code), items);
    }
    this.#keepRefused(items.flatMap((item, index) => (bad.has(index) ? [{ why: bad.get(index), item }] : [])));
    const good = items.filter((_, index) => !bad.has(index));
    if (good.length > 0) {
      const again = await this.#send(stream, batch.seq, good);
      if (again.body.code === "invalid_items" || again.body.code === "state_regression") {
        return this.#setAside(again, good);
      }
      if (again.body.code === "epoch_superseded") this.#stream = undefined;
      if (again.status !== 200) return this.#backOff(again);
      stream.nextSeq = Number(again.body.next_seq);
    }
    this.#moveOn(batch.end);
    return true;
  }

  #setAllAside(code: string, items: readonly unknown[]): boolean {
    this.#keepRefused(items.map((item) => ({ why: code, item })));
    this.#moveOn(this.#place.batch?.end ?? this.#place.offset);
    return true;
  }

  #keepRefused(entries: readonly unknown[]): void {
    this.#trouble(`the console refused ${entries.length} items; they are kept in ${this.#refusedFile}`);
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    this.#safely("keep what was refused", () => fs.appendFileSync(this.#refusedFile, text));
  }

  async #beat(): Promise<void> {
    if (this.#stream === undefined) return;
    const { id: stream, epoch } = this.#stream;
    const key = this.#currentKey;
    const at = key !== undefined && Buffer.byteLength(key) <= 1024 && !key.includes("\0") ? { current_key: key } : {};
    const answer = await this.#call("POST", "/heartbeat", { stream, epoch, status: this.#status, ...at });
    if (answer.body.code === "epoch_superseded") this.#stream = undefined;
    if (answer.status !== 200) await this.#backOff(answer);
  }

  async #call(method: string, where: string, json: unknown): Promise<Answer> {
    const { url, ref, token, timeoutMs } = this.#options;
    try {
      const response = await fetch(`${url}/api/v1/migrations/${encodeURIComponent(ref)}${where}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "content-encoding": "gzip",
        },
        body: gzipSync(JSON.stringify(json)),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
      if (response.ok) this.#hear(body);
      const after = Number(response.headers.get("retry-after") ?? Number.NaN);
      return { status: response.status, body, retryAfterMs: Number.isFinite(after) ? after * 1000 : undefined };
    } catch {
      // No answer, whatever the reason: the caller tries again, and tells its job after the last try.
      return { status: 0, body: {}, retryAfterMs: undefined };
    }
  }

  #hear({ desired_state: desired }: Record<string, unknown>): void {
    this.#heardMs = performance.now();
    if (desired === "running" || desired === "paused" || desired === "cancelled") this.desired = desired;
  }

  /** Waits as long as the console asks, or longer each time it does not answer. */
  async #backOff(answer: Answer): Promise<false> {
    if (this.#failures === 0 && answer.status !== 429 && answer.status !== 503) {
      const why = answer.body.detail ?? "no answer";
      this.#trouble(`the console did not take the report (${answer.status}: ${why}); it is kept and sent again`);
    }
    this.#failures += 1;
    await this.#pause(answer);
    return false;
  }

  #pause({ retryAfterMs }: Answer): Promise<void> {
    const grown = Math.min(MAX_PAUSE_MS, IDLE_MS * 2 ** Math.min(this.#failures, 8));
    return this.#rest(retryAfterMs ?? grown * (0.5 + Math.random() / 2));
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      if (ms > IDLE_MS) return;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A spool whose last line was cut by a crash ends with the line before: the job will report that item again. */
  #recover(): void {
    fs.mkdirSync(this.#options.spoolDir, { recursive: true });
    if (fs.existsSync(this.#placeFile)) this.#place = JSON.parse(fs.readFileSync(this.#placeFile, "utf8"));
    if (!fs.existsSync(this.#spool)) {
      fs.writeFileSync(this.#spool, "");
      return;
    }
    const text = fs.readFileSync(this.#spool);
    const end = text.lastIndexOf(0x0a) + 1;
    if (end < text.length) fs.truncateSync(this.#spool, end);
    if (this.#place.offset > end) this.#place = { offset: 0 };
  }

  #moveOn(offset: number): void {
    this.#place = { offset };
    this.#savePlace();
  }

  #thaw(): void {
    this.#place = { offset: this.#place.offset };
    this.#savePlace();
  }

  /** Whole or not at all: a rename, so that a crash leaves the old place or the new one. */
  #savePlace(): void {
    this.#safely("keep the place", () => {
      fs.writeFileSync(`${this.#placeFile}.new`, JSON.stringify(this.#place));
      fs.renameSync(`${this.#placeFile}.new`, this.#placeFile);
    });
  }

  #safely<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#trouble(`could not ${what}: ${error}`);
      return undefined;
    }
  }

  #trouble(message: string): void {
    try {
      this.#options.onTrouble?.(message);
    } catch {
      // The job's own listener failed; its job goes on.
    }
  }
}

/** XOR of the SHA-256 of every key, each once: what `complete` compares. */
export class KeyDigest {
  readonly #sum = Buffer.alloc(32);

  add(key: string): void {
    const hash = createHash("sha256").update(key).digest();
    for (let at = 0; at < 32; at += 1) this.#sum.writeUInt8(this.#sum.readUInt8(at) ^ hash.readUInt8(at), at);
  }

  toString(): string {
    return this.#sum.toString("hex");
  }
}

/** Whole lines from `offset`: up to `end` for a frozen batch, else as many as make a new one. */
function readLines(file: string, offset: number, end: number | undefined): { items: unknown[]; end: number } {
  const handle = fs.openSync(file, "r");
  try {
    const buffer = Buffer.alloc(end === undefined ? BATCH_BYTES : end - offset);
    const text = buffer.subarray(0, fs.readSync(handle, buffer, 0, buffer.length, offset));
    const items: unknown[] = [];
    let at = 0;
    for (let stop = text.indexOf(0x0a); stop >= 0; stop = text.indexOf(0x0a, at)) {
      items.push(JSON.parse(text.toString("utf8", at, stop)));
      at = stop + 1;
      if (end === undefined && items.length >= BATCH_ITEMS) break;
    }
    return { items, end: offset + at };
  } finally {
    fs.closeSync(handle);
  }
}
