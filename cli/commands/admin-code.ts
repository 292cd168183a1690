import os from "node:os";
import { Command } from "commander";
import { makeAdminCode } from "@/server/auth/person-repository";
import { isSignInOn, publicOrigin } from "@/server/auth/sign-in-settings";
import { closeConnections } from "@/server/processes/console-process-repository";
import { useOwnDatabase } from "@/server/supervisor/own-database";

/** `ops-console admin-code`: for the first admin, and for one who is locked out. */
export function adminCodeCommand(): Command {
  return new Command("admin-code")
    .description("print a one-time code, good for an hour, that makes its user an admin")
    .action(async () => {
      useOwnDatabase();
      const code = await makeAdminCode(`command line of ${os.hostname()}`);
      await closeConnections();
      console.log(code);
      console.error(`Use it once within an hour at ${publicOrigin()}/sign-in, under "I have a code".`);
      if (!isSignInOn()) console.error("Sign-in is off: set OPS_AUTH=password and start the console again.");
    });
}
