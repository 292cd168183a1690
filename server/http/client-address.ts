import net from "node:net";
import { env } from "@/server/config/env";

/** Set by the door (web/) alone, which removes what came under this name. */
export const CLIENT_HEADER = "x-ops-client";
/** What proxies add; nothing behind the door reads it. */
export const FORWARDING_HEADERS = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
];

/** Whether the settings name this address as one of our own proxies. */
export function isTrustedProxy(address: string): boolean {
  const { OPS_TRUSTED_PROXIES = [] } = env();
  const plain = withoutMapping(address);
  if (OPS_TRUSTED_PROXIES.length === 0 || net.isIP(plain) === 0) return false;
  const ranges = new net.BlockList();
  for (const range of OPS_TRUSTED_PROXIES) {
    const [base = "", bits] = range.split("/");
    const family = familyOf(base);
    ranges.addSubnet(base, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  }
  return ranges.check(plain, familyOf(plain));
}

/**
 * Who asks: the peer of the connection, or, when that is a proxy of ours, the last address in `X-Forwarded-For` that is
 * none. Whatever stands further left was written by whoever asks.
 */
export function clientAddress(peer: string, headers: Headers): string {
  let client = withoutMapping(peer);
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => withoutMapping(hop.trim()));
  while (isTrustedProxy(client)) {
    const hop = hops.pop();
    if (hop === undefined || net.isIP(hop) === 0) return client;
    client = hop;
  }
  return client;
}

/** The same behind the door. */
export const addressOf = (request: { headers: Headers }): string => request.headers.get(CLIENT_HEADER) ?? "";

const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
const familyOf = (address: string): "ipv4" | "ipv6" => (net.isIP(address) === 6 ? "ipv6" : "ipv4");
