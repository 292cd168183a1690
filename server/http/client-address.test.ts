import { describe, expect, it } from "vitest";
import { addSettings } from "@/server/config/env";
import { clientAddress } from "./client-address";

const of = (peer: string, forwarded: string) => clientAddress(peer, new Headers({ "x-forwarded-for": forwarded }));

describe("a forged client address", () => {
  it("is not believed of anybody but our own proxies", () => {
    expect(of("203.0.113.9", "10.0.0.1")).toBe("203.0.113.9");
    addSettings({ OPS_TRUSTED_PROXIES: "10.0.0.0/8, fd00::/8" });
    expect(of("203.0.113.9", "10.0.0.1")).toBe("203.0.113.9");
  });

  it("ends at the last address that is no proxy of ours", () => {
    expect(of("10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9")).toBe("203.0.113.9");
    expect(of("::ffff:10.1.2.3", "2001:db8::1")).toBe("2001:db8::1");
    expect(of("fd00::1", "203.0.113.9")).toBe("203.0.113.9");
  });

  it("is the proxy's own where the proxy says nothing usable", () => {
    expect(of("10.1.2.3", "unknown")).toBe("10.1.2.3");
    expect(clientAddress("10.1.2.3", new Headers())).toBe("10.1.2.3");
  });
});
