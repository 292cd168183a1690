import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { REPORT_RANKS, type ReportState } from "@/features/s3-migrations/domain/reported";
import { closeDatabase } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { forgetLimit, openReport, reporter, wrongSums } from "@/tests/support/report-stage";
import { type Random, seededRandom } from "@/tests/support/seeded-random";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(forgetLimit);
afterAll(async () => {
  await closeDatabase();
  await db.drop();
});

const ROUNDS = 8;
const STEPS = 40;
type Item = { key: string; state: ReportState; size: number };
type Batch = { epoch: number; seq: number; items: Item[] };

/** One writer of a job: keeps what it has not heard back about, as the clients we ship do. */
class Writer {
  readonly sent: Batch[] = [];
  spool: Item[][] = [];
  stream = "";
  epoch = 0;
  nextSeq = 1;
  readonly #report: { ref: string; token: string };
  readonly #name: string;

  constructor(report: { ref: string; token: string }, name: string) {
    this.#report = report;
    this.#name = name;
  }

  /** Starts again, as after a crash: what was applied without our knowing is told by the console. */
  async restart(): Promise<void> {
    const { ref, token } = this.#report;
    const { body } = await reporter.open(ref, { token, json: { writer: this.#name } });
    // Spooled batches keep their numbers: those below were applied and only their answers were lost.
    this.spool.splice(0, body.next_seq - this.nextSeq);
    [this.stream, this.epoch, this.nextSeq] = [body.stream, body.epoch, body.next_seq];
  }

  post(batch: Batch) {
    forgetLimit();
    const { ref, token } = this.#report;
    return reporter.batch(ref, this.stream, { token, json: batch });
  }

  next(): Batch {
    return { epoch: this.epoch, seq: this.nextSeq, items: this.spool[0] ?? [] };
  }

  async dropWhatWentFurther(): Promise<void> {
    if (this.spool.length === 0) return;
    const batch = this.next();
    const { status, body } = await this.post(batch);
    if (status === 200) this.sent.push(batch);
    if (body.code === "state_regression") this.spool.shift();
  }

  /** Sends the next one; `isAnswered` false is an answer that got lost on its way back. */
  async flush(isAnswered: boolean): Promise<number> {
    if (this.spool.length === 0) return 200;
    const batch = this.next();
    const { status, body } = await this.post(batch);
    if (status === 200) this.sent.push(batch);
    if (status === 409 && body.code === "epoch_superseded") await this.restart();
    if (status === 200 && isAnswered) {
      this.spool.shift();
      this.nextSeq = body.next_seq;
    }
    return status;
  }
}

/** Items that only go forward, over few keys, so that writers meet. */
function makeItems(random: Random, ranks: Map<string, ReportState>): Item[] {
  return Array.from({ length: random.between(1, 6) }, () => {
    const key = `k${random.between(0, 25)}`;
    const before = ranks.get(key) ?? "pending";
    const states = (Object.keys(REPORT_RANKS) as ReportState[]).filter(
      (state) => REPORT_RANKS[state] >= REPORT_RANKS[before],
    );
    const state = random.pick(states);
    ranks.set(key, state);
    return { key, state, size: random.between(0, 1000) };
  });
}

async function step(writer: Writer, ranks: Map<string, ReportState>, random: Random): Promise<void> {
  const die = random.next();
  if (die < 0.45) writer.spool.push(makeItems(random, ranks));
  else if (die < 0.55) await writer.restart();
  else if (die < 0.65 && writer.sent.length > 0) await writer.post(random.pick(writer.sent));
  else if (die < 0.7)
    await writer.post({ ...writer.next(), seq: writer.nextSeq + 3, items: makeItems(random, new Map()) });
  else if ((await writer.flush(random.next() < 0.7)) === 409) await writer.dropWhatWentFurther();
}

/** Each writer goes forward by what it knows itself; a key that the other took further is refused with its batch. */
async function play(writers: Writer[], random: Random): Promise<void> {
  const ranks = new Map<Writer, Map<string, ReportState>>(writers.map((writer) => [writer, new Map()]));
  for (let at = 0; at < STEPS; at += 1) {
    const writer = random.pick(writers);
    await step(writer, ranks.get(writer) ?? new Map(), random);
  }
}

describe("any order of batches, lost answers, replays and restarts", () => {
  it("ends with sums that a recount confirms and a digest of exactly the keys", async () => {
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const random = seededRandom(seed);
      const report = await openReport();
      const writers = [new Writer(report, "one"), new Writer(report, "two")];
      for (const writer of writers) await writer.restart();
      await play(writers, random);
      expect(await wrongSums(report.id), `seed ${seed}`).toEqual([]);
      forgetLimit();
      const { body } = await reporter.stream(report.ref, report.stream, { token: report.token });
      const keys = new Set(writers.flatMap(({ sent }) => sent).flatMap(({ items }) => items.map(({ key }) => key)));
      expect(body.counts.objects, `seed ${seed}`).toBe(keys.size);
      const digest = [...keys]
        .map((key) => createHash("sha256").update(key).digest())
        .reduce((all, hash) => Buffer.from(all.map((byte, at) => byte ^ hash.readUInt8(at))), Buffer.alloc(32));
      expect(body.key_digest, `seed ${seed}`).toBe(digest.toString("hex"));
    }
  });

  it("from two writers at the same moment moves no sum twice", async () => {
    const report = await openReport();
    const writers = await Promise.all(
      ["one", "two", "three", "four"].map(async (name) => {
        const writer = new Writer(report, name);
        await writer.restart();
        return writer;
      }),
    );
    const items = (from: number) =>
      Array.from({ length: 50 }, (_, at): Item => ({ key: `k${from + at}`, state: "copied", size: 2 }));
    const answers = await Promise.all(
      writers.flatMap((writer, at) =>
        [1, 1].map(() => writer.post({ epoch: writer.epoch, seq: 1, items: items(at * 25) })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => body.duplicate)).toHaveLength(4);
    expect(await wrongSums(report.id)).toEqual([]);
  });
});
