import { createHmac } from "node:crypto";
import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP } from "node:net";
import { Agent, request } from "undici";
import { consoleUrl } from "@/server/config/address";
import type { AlertRow } from "./alert-repository";
import type { Target } from "./alert-targets";
import { refuseAddress } from "./refuse-address";

const TIMEOUT_MS = 10_000;

/**
 * One signed POST. Throws unless the answer is 2xx. The address is looked at after the name was resolved and the
 * connection goes to exactly that address, so that no name can lead elsewhere in between. Redirects are not followed.
 */
export async function sendWebhook(
  alert: AlertRow,
  { url, secret, allowLoopback }: Extract<Target, { channel: "webhook" }>,
  signal: AbortSignal,
): Promise<void> {
  if (secret === undefined) throw new Error("OPS_ALERT_WEBHOOK_SECRET is not set: nothing is sent unsigned");
  const literal = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const refusal = isIP(literal) === 0 ? undefined : refuseAddress(literal, { allowLoopback });
  if (refusal !== undefined) throw new Error(refusal);
  const body = JSON.stringify(toMessage(alert));
  const timestamp = Math.floor(Date.now() / 1000);
  const agent = new Agent({ connect: { timeout: TIMEOUT_MS, lookup: guardedLookup(allowLoopback) } });
  try {
    const reply = await request(url, {
      method: "POST",
      dispatcher: agent,
      headers: {
        "content-type": "application/json",
        "user-agent": "ops-console",
        "ops-alert-id": alert.uid,
        "ops-signature": signatureOf(body, secret, timestamp),
      },
      body,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await reply.body.dump({ limit: 16_384 });
    if (reply.statusCode < 200 || reply.statusCode > 299) throw new Error(`the receiver answered ${reply.statusCode}`);
  } finally {
    await agent.destroy();
  }
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`. */
export function signatureOf(body: string, secret: string, timestamp: number): string {
  return `t=${timestamp},v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}

function toMessage({ uid, kind, severity, subject, title, body, at }: AlertRow) {
  return { id: uid, kind, severity, subject, title, body, at, url: urlOf(subject) };
}

/** The page of what it is about. */
export function urlOf(subject: string): string {
  const [kind, id = ""] = subject.split(":");
  return kind === "s3-migration" ? `${consoleUrl()}/s3-migrations/${id}` : consoleUrl();
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function guardedLookup(allowLoopback: boolean) {
  return (hostname: string, options: LookupOptions, found: Found) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, []);
      const refusal = addresses
        .map(({ address }) => refuseAddress(address, { allowLoopback }))
        .find((sentence) => sentence !== undefined);
      if (refusal !== undefined) return found(new Error(`${hostname}: ${refusal}`), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return found(null, addresses);
      found(null, first.address, first.family);
    });
  };
}
