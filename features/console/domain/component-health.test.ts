import { describe, expect, it } from "vitest";
import type { Health } from "@/lib/console-contract";
import { isLate, owedMs } from "./component-health";

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

  it("counts on while the page's own questions keep the next health from coming", () => {
    expect(owedMs({ health: late(1300), heardAtMs: 10_000, nowMs: 11_000 })).toBe(2300);
    expect(owedMs({ health: late(9000), heardAtMs: 10_000, nowMs: 9_000 })).toBe(9000);
  });
});

describe("isLate", () => {
  it("is what the server waited for in vain", () => {
    expect([isLate(late(151)), isLate(late()), isLate(undefined)]).toEqual([true, false, false]);
  });
});
