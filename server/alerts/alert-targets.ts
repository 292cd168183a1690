import { createHash } from "node:crypto";
import { type Env, env } from "@/server/config/env";

type AlertSettings = Pick<
  Env,
  | "OPS_ALERT_WEBHOOKS"
  | "OPS_ALERT_WEBHOOK_SECRET"
  | "OPS_ALERT_ALLOW_LOOPBACK"
  | "OPS_ALERT_EMAIL_TO"
  | "OPS_ALERT_EMAIL_FROM"
  | "OPS_SMTP_URL"
>;
export type Target =
  | { channel: "webhook"; name: string; url: string; secret: string | undefined; allowLoopback: boolean }
  | { channel: "email"; name: string; smtpUrl: string | undefined; from: string };

/** Where alerts go: exactly what the settings of this worker name, and nothing a page could add. */
export function alertTargets(settings: AlertSettings = env()): Target[] {
  const { OPS_ALERT_WEBHOOKS = [], OPS_ALERT_EMAIL_TO = [], OPS_SMTP_URL: smtpUrl } = settings;
  const secret = settings.OPS_ALERT_WEBHOOK_SECRET;
  const allowLoopback = settings.OPS_ALERT_ALLOW_LOOPBACK === true;
  const from = settings.OPS_ALERT_EMAIL_FROM ?? "ops-console@localhost";
  return [
    ...OPS_ALERT_WEBHOOKS.map((url) => ({
      channel: "webhook" as const,
      name: nameOf(url),
      url,
      secret,
      allowLoopback,
    })),
    ...OPS_ALERT_EMAIL_TO.map((name) => ({ channel: "email" as const, name, smtpUrl, from })),
  ];
}

/** The host, and enough to tell two of one host apart: the rest of such an address is often a secret. */
function nameOf(url: string): string {
  return `${new URL(url).host} #${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}
