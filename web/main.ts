import { assertLoopbackHost, consoleUrl } from "@/server/config/address";
import { runProcess } from "@/server/processes/run-process";
import { setThreadEntry } from "@/server/processes/thread-entries";
import { serveConsole } from "./serve-console";

setThreadEntry("trace-thread", new URL("./trace-thread.mjs", import.meta.url));

void runProcess({
  name: "web",
  address: () => {
    assertLoopbackHost();
    return consoleUrl();
  },
  work: serveConsole,
});
