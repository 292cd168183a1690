import { assertLoopbackHost, consoleUrl } from "@/server/config/address";
import { runProcess } from "@/server/processes/run-process";
import { serveConsole } from "./serve-console";

void runProcess({
  name: "web",
  address: () => {
    assertLoopbackHost();
    return consoleUrl();
  },
  work: serveConsole,
});
