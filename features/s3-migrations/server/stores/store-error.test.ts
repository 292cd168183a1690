import { describe, expect, it } from "vitest";
import { StoreError } from "./store-error";

describe("StoreError", () => {
  it("waits a minute at most, whatever a server asks for", () => {
    const month = { errorClass: "throttled", code: "SlowDown", message: "", retryAfterMs: 2_592_000_000 } as const;
    expect(new StoreError(month).retryAfterMs).toBe(60_000);
    expect(new StoreError({ ...month, retryAfterMs: 1000 }).retryAfterMs).toBe(1000);
  });

  it("keeps nothing that no database text can hold", () => {
    const error = new StoreError({ errorClass: "bug", code: "a\0b", message: "c\0\ud800d 😀", requestId: "e\0" });
    expect([error.storeCode, error.message, error.requestId]).toEqual(["a\uFFFDb", "c\uFFFD\uFFFDd 😀", "e\uFFFD"]);
  });
});
