import { describe, expect, it } from "vitest";
import { refuseAddress } from "./refuse-address";

const refused = (address: string, allowLoopback = false) => refuseAddress(address, { allowLoopback }) !== undefined;

describe("refuseAddress", () => {
  it.each([
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "fd00:ec2::254",
    "fe80::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "224.0.0.1",
    "metadata",
  ])("never lets anything go to %s, loopback allowed or not", (address) => {
    expect(refused(address)).toBe(true);
    expect(refused(address, true)).toBe(true);
  });

  it.each(["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])(
    "lets %s through only when loopback is allowed",
    (address) => {
      expect(refused(address)).toBe(true);
      expect(refused(address, true)).toBe(false);
    },
  );

  it.each(["203.0.113.7", "10.1.2.3", "2001:db8::1"])("lets %s through", (address) => {
    expect(refused(address)).toBe(false);
  });
});
