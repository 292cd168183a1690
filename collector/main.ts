import { env } from "@/server/config/env";
import { runProcess } from "@/server/processes/run-process";
import { serveCollector } from "./serve-collector";

void runProcess({
  name: "collector",
  address: () => `http://${env().HOST}:${env().OTLP_PORT}`,
  work: serveCollector,
});
