import { BlockList, isIP } from "node:net";

const metadata = new BlockList();
// Link-local, where clouds answer with credentials; the addresses of their metadata services elsewhere; "this host".
metadata.addSubnet("169.254.0.0", 16);
metadata.addSubnet("0.0.0.0", 8);
metadata.addAddress("100.100.100.200");
metadata.addAddress("168.63.129.16");
metadata.addSubnet("192.0.0.0", 24);
metadata.addSubnet("224.0.0.0", 3);
metadata.addSubnet("fe80::", 10, "ipv6");
metadata.addAddress("fd00:ec2::254", "ipv6");
metadata.addAddress("fd20:ce::254", "ipv6");
metadata.addSubnet("ff00::", 8, "ipv6");
metadata.addAddress("::", "ipv6");
metadata.addSubnet("64:ff9b::", 96, "ipv6");
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Why nothing may be sent to this IP address; `undefined` = it may. Loopback only where a setting says so. */
export function refuseAddress(address: string, { allowLoopback }: { allowLoopback: boolean }): string | undefined {
  const family = isIP(address);
  if (family === 0) return `${address} is no IP address`;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (metadata.check(address, type))
    return `${address} is an address of the machine's surroundings, which alerts never go to`;
  if (!allowLoopback && loopback.check(address, type)) {
    return `${address} is this machine; OPS_ALERT_ALLOW_LOOPBACK=true allows it`;
  }
  return undefined;
}
