import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { BlockList, isIP } from "node:net";
import { Agent, request } from "undici";
import { refuseAddress } from "@/server/alerts/refuse-address";
import type { CheckFacts } from "./check-ports";

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 64 * 1024;

const privateRanges = new BlockList();
privateRanges.addSubnet("10.0.0.0", 8);
privateRanges.addSubnet("172.16.0.0", 12);
privateRanges.addSubnet("192.168.0.0", 16);
privateRanges.addSubnet("100.64.0.0", 10);
privateRanges.addSubnet("127.0.0.0", 8);
privateRanges.addSubnet("fc00::", 7, "ipv6");
privateRanges.addAddress("::1", "ipv6");

export type HttpAsked = { url: string; method: "GET" | "HEAD"; headers: Record<string, string> };
export type HttpLimits = { hosts: readonly string[]; allowPrivate: boolean };

/**
 * One GET or HEAD to a host that is on the list. Runbooks come from repositories that many may change, so the list and
 * not the file decides where this console connects: the address is looked at after the name was resolved and the
 * connection goes to exactly that one, redirects are not followed, 64 KiB are read. Throws with a sentence otherwise.
 */
export async function askHttp(
  { url: text, method, headers }: HttpAsked,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<CheckFacts> {
  const url = assertAllowed(text, limits);
  const agent = new Agent({ connect: { timeout: TIMEOUT_MS, lookup: guardedLookup(limits.allowPrivate) } });
  const startedMs = performance.now();
  try {
    const reply = await request(url, {
      method,
      dispatcher: agent,
      headers: { ...headers, "user-agent": "ops-console" },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body = await readCapped(reply.body);
    const type = String(reply.headers["content-type"] ?? "");
    const ms = Math.round(performance.now() - startedMs);
    return { status: reply.statusCode, ms, body, ...(/\bjson\b/i.test(type) ? { json: parseJson(body) } : {}) };
  } finally {
    await agent.destroy();
  }
}

function assertAllowed(text: string, { hosts, allowPrivate }: HttpLimits): URL {
  if (!URL.canParse(text)) throw new Error(`${text.slice(0, 100)} is no address`);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new Error("only http and https are asked");
  if (url.username !== "" || url.password !== "") throw new Error("an address may hold no credentials");
  const isListed = hosts.some(
    (host) => host.toLowerCase() === url.host || (url.port === "" && host.toLowerCase() === url.hostname),
  );
  if (!isListed) throw new Error(`${url.host} is not in OPS_CHECK_HOSTS`);
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  const refusal = isIP(literal) === 0 ? undefined : refuse(literal, allowPrivate);
  if (refusal !== undefined) throw new Error(refusal);
  return url;
}

/** Why this address is not asked; metadata services never are. */
function refuse(address: string, allowPrivate: boolean): string | undefined {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, "");
  const surroundings = refuseAddress(bare, { allowLoopback: true });
  if (surroundings !== undefined) return `${bare} is never asked`;
  if (allowPrivate || !privateRanges.check(bare, isIP(bare) === 4 ? "ipv4" : "ipv6")) return undefined;
  return `${bare} is a private address; OPS_CHECK_PRIVATE=true allows it`;
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function guardedLookup(allowPrivate: boolean) {
  return (hostname: string, options: LookupOptions, found: Found) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, []);
      const refusal = addresses.map(({ address }) => refuse(address, allowPrivate)).find((one) => one !== undefined);
      if (refusal !== undefined) return found(new Error(`${hostname}: ${refusal}`), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return found(null, addresses);
      found(null, first.address, first.family);
    });
  };
}

async function readCapped(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) throw new Error("the answer is longer than 64 KiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said to be JSON and is none: an expectation over it then has no answer.
    return null;
  }
}
