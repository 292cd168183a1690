import { betterAuth } from "better-auth/minimal";
import { CLIENT_HEADER } from "@/server/http/client-address";
import { authAdapter } from "./auth-adapter";
import { LEAST_PASSWORD_LENGTH, MOST_PASSWORD_LENGTH } from "./password-rules";
import { cookieSecret } from "./secrets";
import { publicOrigin, sessionCookie } from "./sign-in-settings";

const DAY_SECONDS = 86_400;
/** A session ends then, however much it is used; unused it ends sooner (session-repository.ts). */
const SESSION_DAYS = 30;

type Shared = { opsBetterAuth?: ReturnType<typeof make> };
const shared = globalThis as typeof globalThis & Shared;

function make() {
  const { name, isSecure } = sessionCookie();
  return betterAuth({
    appName: "ops-console",
    baseURL: publicOrigin(),
    basePath: "/api/session",
    secret: cookieSecret(),
    trustedOrigins: [publicOrigin()],
    database: authAdapter,
    telemetry: { enabled: false },
    // Failures are counted in Postgres before it is asked (failures.ts); its own routes are not served at all.
    rateLimit: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: LEAST_PASSWORD_LENGTH,
      maxPasswordLength: MOST_PASSWORD_LENGTH,
    },
    account: { accountLinking: { enabled: false }, updateAccountOnSignIn: false },
    session: { expiresIn: SESSION_DAYS * DAY_SECONDS, disableSessionRefresh: true },
    advanced: {
      ipAddress: { ipAddressHeaders: [CLIENT_HEADER] },
      useSecureCookies: false,
      cookies: {
        session_token: { name, attributes: { secure: isSecure, httpOnly: true, sameSite: "lax", path: "/" } },
      },
      disableCSRFCheck: true,
    },
  });
}

/** The library that checks passwords and makes sessions. Loaded on first use, and only by a console with sign-in. */
export function auth(): ReturnType<typeof make> {
  shared.opsBetterAuth ??= make();
  return shared.opsBetterAuth;
}
