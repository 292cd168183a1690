import { describe, expect, it } from "vitest";
import { diagnoseRecorded, loudOf } from "@/tests/support/diagnosed";
import { type Attributes, TraceRecorder } from "@/tests/support/trace-recorder";

/** A request that asks the same address until it has an answer; the calls' spans do not say that they failed. */
function ask(statuses: readonly number[], key = "http.response.status_code") {
  const rec = new TraceRecorder(statuses.length);
  rec.span({ name: "GET /shelves", service: "depot", kind: "server" }, () => {
    statuses.forEach((status) => {
      const attributes: Attributes = {
        "http.request.method": "GET",
        "url.full": "https://stock.example/all",
        [key]: status,
      };
      rec.span({ name: "GET", kind: "client", attributes }, () => rec.work(150_000));
      rec.work(60_000);
    });
  });
  return rec;
}

describe("calls that were refused by their status alone", () => {
  it.each([
    [503, "http.response.status_code"],
    [429, "http.response.status_code"],
    [502, "http.status_code"],
    [302, "http.status_code"],
  ])("are tries of one call, not a loop (%i in %s)", async (status, key) => {
    for (const statuses of [
      [status, status, status, status, 200],
      [status, status, status, status, status, status],
    ])
      expect(loudOf(await diagnoseRecorded(ask(statuses, key)))[0]).toMatchObject({
        kind: "retries",
        operation: "GET",
      });
  });

  it("are a loop where each was answered", async () => {
    const [top] = loudOf(await diagnoseRecorded(ask([200, 200, 404, 200, 200, 200])));
    expect(top?.kind).toBe("n-plus-one");
  });
});
