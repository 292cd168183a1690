import nodemailer from "nodemailer";
import type { AlertRow } from "./alert-repository";
import type { Target } from "./alert-targets";
import { urlOf } from "./send-webhook";

const TIMEOUT_MS = 10_000;

/** One message over SMTP; throws unless the server took it. Its Message-ID is the alert's, so that a repetition shows. */
export async function sendEmail(
  alert: AlertRow,
  { name: to, from, smtpUrl }: Extract<Target, { channel: "email" }>,
): Promise<void> {
  if (smtpUrl === undefined) throw new Error("OPS_SMTP_URL is not set");
  const transport = openSmtp(smtpUrl);
  try {
    await transport.sendMail({
      from,
      to,
      subject: `[ops-console] ${alert.title}`,
      text: `${alert.body}\n\n${urlOf(alert.subject)}\n\n${alert.severity}, ${alert.kind}, ${alert.at}\n`,
      messageId: `<${alert.uid}@ops-console>`,
      date: new Date(alert.at),
      headers: { "auto-submitted": "auto-generated" },
    });
  } finally {
    transport.close();
  }
}

/** A connection that gives up in ten seconds at every step. */
export function openSmtp(smtpUrl: string) {
  return nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
