import { otlpUrl } from "@/server/config/address";
import { runProcess } from "@/server/processes/run-process";
import { serveCollector } from "./serve-collector";

void runProcess({
  name: "collector",
  address: otlpUrl,
  work: serveCollector,
});
