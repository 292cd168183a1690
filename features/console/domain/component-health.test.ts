import { describe, expect, it } from "vitest";
import type { Health } from "@/lib/console-contract";
import { isLate, owedMs, unheardMs } from "./component-health";

const late = (lateMs?: number): Health => ({
  status: "ok",
  components: [
    { name: "web", status: "ok" },
    { name: "database", status: "ok", ...(lateMs === undefined ? {} : { lateMs }) },
  ],
});

describe("owedMs", () => {
  it("says nothing of an answer that is a moment late, or that was not missed", () => {
    expect(owedMs({ health: late(150), heardAtMs: 10_000, nowMs: 11_000 })).toBeUndefined();
    expect(owedMs({ health: late(), heardAtMs: 0, nowMs: 60_000 })).toBeUndefined();
    expect(owedMs({ health: undefined, heardAtMs: 0, nowMs: 60_000 })).toBeUndefined();
    expect(owedMs({ health: late(9000), heardAtMs: 0, nowMs: undefined })).toBeUndefined();
  });

  it("is what the server said, and no more than that however long the page hears nothing", () => {
    expect(owedMs({ health: late(2000), heardAtMs: 10_000, nowMs: 10_100 })).toBe(2000);
    expect(owedMs({ health: late(9000), heardAtMs: 10_000, nowMs: 15_000 })).toBe(9000);
  });

  // A page whose connections waited for a hung collector once said for a minute that the database had not answered.
  it("is not said of a database that was a moment late before the page heard nothing more", () => {
    expect(owedMs({ health: late(150), heardAtMs: 10_000, nowMs: 58_000 })).toBeUndefined();
    expect(owedMs({ health: late(9000), heardAtMs: 10_000, nowMs: 58_000 })).toBeUndefined();
  });
});

describe("unheardMs", () => {
  it("is known after two missed reads, sooner while the server is asked every second", () => {
    expect(unheardMs({ health: late(), heardAtMs: 10_000, nowMs: 20_000 })).toBeUndefined();
    expect(unheardMs({ health: late(), heardAtMs: 10_000, nowMs: 23_000 })).toBe(13_000);
    expect(unheardMs({ health: late(150), heardAtMs: 10_000, nowMs: 15_000 })).toBe(5000);
    expect(unheardMs({ health: undefined, heardAtMs: 0, nowMs: 15_000 })).toBeUndefined();
    expect(unheardMs({ health: late(), heardAtMs: 10_000, nowMs: undefined })).toBeUndefined();
  });
});

describe("isLate", () => {
  it("is what the server waited for in vain", () => {
    expect([isLate(late(151)), isLate(late()), isLate(undefined)]).toEqual([true, false, false]);
  });
});
