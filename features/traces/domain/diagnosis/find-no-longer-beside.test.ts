import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { seededRandom } from "@/tests/support/seeded-random";
import { TraceRecorder } from "@/tests/support/trace-recorder";

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

type Board = { isInRow?: boolean; calls?: number; isOneHost?: boolean; slow?: number };

/** A board of departures: a query, then a call for each platform, usually side by side. */
function board(seed: number, { isInRow = false, calls = 4, isOneHost = true, slow = 0 }: Board = {}): TraceRecorder {
  const rec = new TraceRecorder(seed);
  const random = seededRandom(seed);
  const about = (us: number) => Math.round(us * (0.85 + 0.3 * random.next()));
  const ask = (at: number) => () => {
    const host = isOneHost ? "rail.example" : `rail-${"abcdefgh"[at]}.example`;
    const attributes = {
      "http.request.method": "GET",
      "url.full": `https://${host}/platforms/${seed * 100 + at}`,
      "server.address": host,
    };
    rec.span({ name: "GET", kind: "client", attributes }, () => rec.work(about(30_000) + (at === 0 ? slow : 0)));
  };
  rec.span({ name: "GET /board", service: "board", kind: "server" }, () => {
    rec.work(about(4_000));
    const attributes = { "db.system.name": "postgresql", "db.query.text": "SELECT * FROM stations WHERE id = $1" };
    rec.span({ name: "SELECT stations", kind: "client", attributes }, () => rec.work(about(9_000)));
    rec.work(about(2_000));
    if (isInRow) {
      for (const at of range(calls)) {
        ask(at)();
        rec.work(about(2_500));
      }
    } else rec.parallel(range(calls).map(ask));
    rec.work(about(5_000));
  });
  return rec;
}

const history = (of: Board) => historyOf(range(60).map((at) => ({ rec: board(500 + at, of) })));

describe("calls that used to run side by side and now run one after another", () => {
  it.each([
    [3, true],
    [4, true],
    [12, true],
    [3, false],
    [6, false],
  ])("are told as such: %i calls, of one step: %s", async (calls, isOneHost) => {
    const baseline = await history({ calls, isOneHost });
    for (const seed of [1, 2, 3]) {
      const { findings, verdict } = await diagnoseRecorded(board(seed, { calls, isOneHost, isInRow: true }), baseline);
      expect(findings[0]).toMatchObject({ kind: "sequential-calls", service: "board", operation: "GET /board" });
      expect(findings[0]?.severity).not.toBe("info");
      expect(findings[0]?.sentence).toContain("used to run side by side");
      expect(verdict.sentence).not.toMatch(/no finding explains|nothing in it stands out|as usual/);
    }
  });

  it("compares how long all of them run with how long they ran, not with the sum of what each took", async () => {
    const baseline = await history({ calls: 12 });
    const { findings } = await diagnoseRecorded(board(1, { calls: 12, isInRow: true }), baseline);
    const [told] = findings;
    expect(told?.usual?.p50Us).toBeLessThan(60_000);
    expect(told?.savesUs).toBeGreaterThan(250_000);
    expect(findings.some(({ sentence }) => sentence.includes("nothing new"))).toBe(false);
  });

  it("names what the calls share, not the first of them for all", async () => {
    const { findings } = await diagnoseRecorded(board(1, { calls: 12, isInRow: true }), await history({ calls: 12 }));
    expect(findings[0]?.sentence).toContain("(https://rail.example/platforms/…)");
  });

  it("says nothing of those that always ran one after another, or still run side by side", async () => {
    for (const isInRow of [true, false]) {
      const baseline = await history({ isInRow, isOneHost: false });
      for (const seed of range(10))
        expect(loudOf(await diagnoseRecorded(board(seed, { isInRow, isOneHost: false }), baseline))).toEqual([]);
    }
  });

  it("tells the slow call first where that is what took the time", async () => {
    const baseline = await history({ isOneHost: false });
    const { findings } = await diagnoseRecorded(board(1, { isInRow: true, isOneHost: false, slow: 700_000 }), baseline);
    expect(findings[0]).toMatchObject({ kind: "slow-external-call", operation: "GET" });
  });
});
