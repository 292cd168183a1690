import { randomUUID } from "node:crypto";
import type { TestConsole } from "./console";
import { runCommand } from "./run-command";

const PASSWORD = "correct horse battery";

export type SignedIn = { id: string; cookie: string; email: string; password: string };

/** One person of each role at a console with sign-in: the admin by the command line's code, the others by the admin. */
export async function makePeople(console_: TestConsole): Promise<Record<"viewer" | "operator" | "admin", SignedIn>> {
  const post = async (path: string, json: object, cookie = "") => {
    const response = await fetch(console_.url + path, {
      method: "POST",
      headers: { origin: console_.url, "content-type": "application/json", ...(cookie !== "" && { cookie }) },
      body: JSON.stringify(json),
    });
    const body = (await response.json()) as { code?: string; person?: { id: string } };
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return {
      ...body,
      cookie: response.headers
        .getSetCookie()
        .map((one) => one.split(";")[0])
        .join("; "),
    };
  };
  const { stdout } = await runCommand(console_, ["admin-code"], { dataDir: console_.dataDir });
  const email = `${randomUUID()}@example.com`;
  const { cookie } = await post("/api/session/code", { code: stdout.trim(), email, name: "Ada", password: PASSWORD });
  const admin: SignedIn = { id: "", email, password: PASSWORD, cookie };
  const make = async (role: "viewer" | "operator"): Promise<SignedIn> => {
    const own = `${randomUUID()}@example.com`;
    const invited = await post("/api/people", { name: `The ${role}`, email: own, role }, cookie);
    const entered = await post("/api/session/code", { code: invited.code, email: own, password: PASSWORD });
    return { id: invited.person?.id ?? "", email: own, password: PASSWORD, cookie: entered.cookie };
  };
  return { admin, viewer: await make("viewer"), operator: await make("operator") };
}
