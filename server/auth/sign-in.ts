import { isAPIError } from "better-auth/api";
import { AppError } from "@/lib/errors";
import { writeAudit, writeRefusal } from "@/server/audit/write-audit-repository";
import { transaction } from "@/server/db/client";
import { addressOf } from "@/server/http/client-address";
import { authTransaction } from "./auth-adapter";
import { auth } from "./better-auth";
import { beginAttempt, forgiveAttempt } from "./failure-repository";
import { passwordProblem } from "./password-rules";
import { findPasswordHash, redeemCode, setPassword } from "./person-repository";
import type { SessionPerson } from "./session-repository";
import { assertSignInOn } from "./sign-in-settings";

/** One answer for an unknown person, a wrong password and a disabled person: who has an account is nobody's business. */
const WRONG = "E-mail or password is wrong.";

type Credentials = { email: string; password: string };

/** Opens a session; answers with the cookies that hold it. The try is counted, and both outcomes are on record. */
export async function signIn(credentials: Credentials, request: Request): Promise<string[]> {
  assertSignInOn();
  return counted(credentials.email, request, () => openSession(credentials, request));
}

type NewPassword = { code: string; email: string; name: string; password: string };

/** Uses a one-time code up for a new password, and signs its person in. */
export async function signInWithCode(input: NewPassword, request: Request): Promise<string[]> {
  assertSignInOn();
  assertGoodPassword(input.password, input);
  return counted(`code of ${input.email}`, request, async () => {
    const { password } = await auth().$context;
    const passwordHash = await password.hash(input.password);
    await transaction((client) => redeemCode(client, { ...input, passwordHash }));
    return openSession(input, request);
  });
}

/** A new password for who knows the old one. Every other session of theirs ends. */
export async function changePassword(
  person: SessionPerson,
  { current, password: wanted }: { current: string; password: string },
  request: Request,
): Promise<void> {
  assertGoodPassword(wanted, person);
  await counted(person.email, request, async () => {
    const { password } = await auth().$context;
    const hash = await findPasswordHash(person.id);
    if (hash === undefined || !(await password.verify({ hash, password: current }))) {
      throw new AppError("forbidden", "The present password is wrong.", {
        problems: [{ field: "current", message: "is wrong" }],
      });
    }
    const passwordHash = await password.hash(wanted);
    await transaction(async (client) => {
      await setPassword(client, person.id, passwordHash, person.sessionId);
      const detail = { name: person.name };
      await writeAudit(client, {
        actor: person.name,
        action: "access.change_password",
        subject: `person:${person.id}`,
        detail,
      });
    });
  });
}

function assertGoodPassword(password: string, owner: { email: string; name: string }): void {
  const problem = passwordProblem(password, owner);
  if (problem === undefined) return;
  throw new AppError("invalid_input", problem, { problems: [{ field: "password", message: problem }] });
}

/** Counts a try before it is decided; what is refused on purpose stays counted and goes on record. */
async function counted<T>(account: string, request: Request, decide: () => Promise<T>): Promise<T> {
  const address = addressOf(request);
  const refused = (action: string) =>
    writeRefusal({ actor: "anonymous", action, subject: "console", detail: { address, account: shown(account) } });
  const attempt = await beginAttempt(account, address).catch(async (error: unknown) => {
    if (error instanceof AppError) await refused("access.locked_out");
    throw error;
  });
  try {
    const result = await decide();
    await forgiveAttempt(attempt);
    return result;
  } catch (error) {
    if (error instanceof AppError && ["unauthorized", "forbidden"].includes(error.code)) await refused("access.refuse");
    else await forgiveAttempt(attempt);
    throw error;
  }
}

/** People type passwords where the e-mail goes: only what looks like an e-mail goes on record. */
const shown = (account: string): string => (/^[^@\s]+@[^@\s]+$/.test(account.replace("code of ", "")) ? account : "");

/** The session, its audit row and the look at its person are one transaction. */
function openSession({ email, password }: Credentials, request: Request): Promise<string[]> {
  return transaction((client) =>
    authTransaction.run(client, async () => {
      const headers = await checkPassword({ email, password }, request);
      const { rows } = await client.query<{ id: string; name: string; isDisabled: boolean }>(
        `select id, name, disabled_at is not null as "isDisabled" from access.person where email = $1`,
        [email.toLowerCase()],
      );
      const [person] = rows;
      if (person === undefined || person.isDisabled) throw new AppError("unauthorized", WRONG);
      await writeAudit(client, {
        actor: person.name,
        action: "access.sign_in",
        subject: `person:${person.id}`,
        detail: { name: person.name, address: addressOf(request) },
      });
      return headers.getSetCookie();
    }),
  );
}

async function checkPassword(body: Credentials, { headers }: Request): Promise<Headers> {
  try {
    const signedIn = await auth().api.signInEmail({ body, headers, returnHeaders: true });
    return signedIn.headers;
  } catch (cause) {
    if (isAPIError(cause) && cause.statusCode < 500) throw new AppError("unauthorized", WRONG, { cause });
    throw cause;
  }
}
