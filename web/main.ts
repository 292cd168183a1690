import { assertSafeHost, consoleUrl } from "@/server/config/address";
import { runProcess } from "@/server/processes/run-process";
import { setThreadEntry } from "@/server/processes/thread-entries";
import { serveConsole } from "./serve-console";

/** Ten times what the slowest page needs; then the reader is told that the database does not answer. */
const QUERY_LIMIT_MS = 10_000;

setThreadEntry("trace-thread", new URL("./trace-thread.mjs", import.meta.url));

void runProcess({
  name: "web",
  address: () => {
    assertSafeHost();
    return consoleUrl();
  },
  queryLimitMs: QUERY_LIMIT_MS,
  work: serveConsole,
});
