import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";

type Quote = { carrierUs?: number; carriers?: number; priceCalls?: number; threads?: number; pauseUs?: number };

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const query = (statement: string) => ({ "db.system": "mysql", "db.statement": statement });

/** A quote: a query, then carriers asked side by side, or a price looked up for each line by several threads. */
function quote(
  seed: number,
  { carrierUs = 20_000, carriers = 3, priceCalls = 0, threads = 8, pauseUs = 0 }: Quote = {},
): TraceRecorder {
  const rec = new TraceRecorder(seed);
  const price = () =>
    rec.span({ name: "SELECT prices", kind: "client", attributes: query("SELECT * FROM prices WHERE sku = ?") }, () =>
      rec.work(9_000),
    );
  rec.span({ name: "POST /quotes", service: "freight", kind: "server" }, () => {
    rec.work(3_000);
    rec.span({ name: "SELECT lanes", kind: "client", attributes: query("SELECT * FROM lanes WHERE id = ?") }, () =>
      rec.work(6_000),
    );
    rec.parallel(
      range(carriers).map((at) => () => {
        const attributes = { "http.url": `https://carrier-${at}.example/rates` };
        rec.span({ name: "POST", kind: "client", attributes }, () => {
          rec.work(carrierUs);
          rec.pass(pauseUs);
        });
      }),
    );
    if (priceCalls > 0)
      rec.parallel(
        range(threads).map(() => () => {
          for (let call = 0; call < priceCalls / threads; call += 1) price();
        }),
      );
    rec.span({ name: "sort offers" }, () => rec.work(5_000));
    rec.work(2_000);
  });
  return rec;
}

const history = () => historyOf(range(60).map((at) => ({ rec: quote(700 + at) })));

describe("slow calls side by side", () => {
  it("are one finding that names them all, and saves what they save together", async () => {
    const baseline = await history();
    for (const carrierUs of [300_000, 1_500_000]) {
      const { findings, verdict } = await diagnoseRecorded(quote(1, { carrierUs }), baseline);
      expect(findings[0]).toMatchObject({ kind: "slow-external-call", service: "freight", operation: "POST" });
      expect(findings[0]?.spanIds).toHaveLength(3);
      expect(findings[0]?.savesUs).toBeGreaterThan(0.7 * carrierUs);
      expect(findings[0]?.sentence).toMatch(/3 calls side by side/);
      expect(findings[0]?.sentence).toMatch(/each about \d+ times its usual/);
      expect(verdict.isConfident).toBe(true);
    }
  });

  it("that all stood still at once are told as what they share, not as the fault of one", async () => {
    const { findings } = await diagnoseRecorded(quote(1, { pauseUs: 900_000 }), await history());
    expect(findings[0]?.kind).toBe("slow-external-call");
    expect(findings[0]?.sentence).toMatch(/3 different systems: what they share/);
  });

  it("are told without history too", async () => {
    const two = quote(3, { carriers: 2, carrierUs: 2_000_000 });
    expect(loudOf(await diagnoseRecorded(two))[0]).toMatchObject({ kind: "slow-external-call", severity: "critical" });
  });

  it("are nothing while they take what they always take", async () => {
    const baseline = await history();
    for (const seed of range(20)) expect(loudOf(await diagnoseRecorded(quote(seed), baseline))).toEqual([]);
  });
});

describe("a loop that several threads run", () => {
  it.each([4, 8])("is a loop (%i threads)", async (threads) => {
    for (const baseline of [await history(), undefined]) {
      const { findings } = await diagnoseRecorded(quote(1, { priceCalls: 240, threads }), baseline);
      expect(findings[0]).toMatchObject({ kind: "n-plus-one", operation: "SELECT prices" });
      expect(findings[0]?.sentence).toMatch(new RegExp(`about ${threads} at a time`));
    }
  });
});

describe("work in waves", () => {
  it("is heavy as a whole where none of it is by itself", async () => {
    const rec = new TraceRecorder(5);
    rec.span({ name: "POST /thumbs", service: "pictures", kind: "server" }, () => {
      rec.parallel(
        range(4).map(() => () => {
          for (let wave = 0; wave < 4; wave += 1) rec.span({ name: "resize" }, () => rec.work(1_000_000));
        }),
      );
    });
    const { findings } = await diagnoseRecorded(rec);
    expect(findings[0]).toMatchObject({ kind: "heavy-span", operation: "resize", severity: "critical" });
    expect(findings[0]?.spanIds).toHaveLength(16);
  });
});
