import pino, { type Logger } from "pino";
import { env } from "@/server/config/env";

const shared = globalThis as typeof globalThis & { opsLog?: Logger };

/** The process's JSON log on stdout. Secrets are cut here as a last line; do not log them in the first place. */
export function log(): Logger {
  shared.opsLog ??= pino({
    level: env().OPS_LOG_LEVEL,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        "*.authorization",
        "*.cookie",
        "*.AWS_SECRET_ACCESS_KEY",
        "*.secretAccessKey",
        "*.password",
        "*.DATABASE_URL",
      ],
      censor: "[redacted]",
    },
  });
  return shared.opsLog;
}
