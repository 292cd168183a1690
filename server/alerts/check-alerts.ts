import { isIP } from "node:net";
import { messageOf } from "@/lib/errors";
import { withoutCredentials } from "@/lib/without-credentials";
import type { Env } from "@/server/config/env";
import { type Finding, fail, ok } from "@/server/doctor/finding";
import { refuseAddress } from "./refuse-address";
import { openSmtp } from "./send-email";

/** Alerts can leave the console as the settings say. Nothing is sent; the mail server is asked whether it lets us in. */
export async function checkAlerts(settings: Env): Promise<Finding[]> {
  return [...checkWebhooks(settings), await checkEmail(settings)];
}

function checkWebhooks(settings: Env): Finding[] {
  const { OPS_ALERT_WEBHOOKS: urls, OPS_ALERT_WEBHOOK_SECRET: secret, OPS_ALERT_ALLOW_LOOPBACK } = settings;
  if (urls === undefined || urls.length === 0)
    return [ok("OPS_ALERT_WEBHOOKS", "unset: alerts are shown in the console only")];
  if (secret === undefined) {
    const cure = "Set it to a secret of at least 16 characters that the receiver knows too.";
    return [fail("OPS_ALERT_WEBHOOK_SECRET", "is not set, and nothing is sent unsigned", cure)];
  }
  return urls.map((url) => {
    const { host, hostname } = new URL(url);
    const literal = hostname.replace(/^\[|\]$/g, "");
    const address = literal === "localhost" ? "127.0.0.1" : literal;
    const refusal =
      isIP(address) === 0 ? undefined : refuseAddress(address, { allowLoopback: OPS_ALERT_ALLOW_LOOPBACK === true });
    return refusal === undefined
      ? ok("OPS_ALERT_WEBHOOKS", `${host}, signed`)
      : fail("OPS_ALERT_WEBHOOKS", refusal, "Name a receiver that is no part of this machine's own network set-up.");
  });
}

async function checkEmail({ OPS_ALERT_EMAIL_TO: to = [], OPS_SMTP_URL: smtpUrl }: Env): Promise<Finding> {
  if (to.length === 0) return ok("OPS_ALERT_EMAIL_TO", "unset: no e-mail");
  if (smtpUrl === undefined) {
    return fail(
      "OPS_SMTP_URL",
      "is not set, and OPS_ALERT_EMAIL_TO is",
      "Set it, like smtps://user:password@host:465.",
    );
  }
  const transport = openSmtp(smtpUrl);
  try {
    await transport.verify();
    return ok("OPS_SMTP_URL", `${new URL(smtpUrl).host} lets us in; e-mail goes to ${to.join(", ")}`);
  } catch (error) {
    const place = withoutCredentials(smtpUrl);
    return fail(
      "OPS_SMTP_URL",
      `${place} does not let us in: ${messageOf(error)}`,
      "Correct OPS_SMTP_URL, or start the mail server.",
    );
  } finally {
    transport.close();
  }
}
