import { env } from "@/server/config/env";
import { runProcess } from "@/server/processes/run-process";
import { servePlaceholder } from "./serve-placeholder";

void runProcess({
  name: "collector",
  address: () => `http://${env().HOST}:${env().OTLP_PORT}`,
  work: servePlaceholder,
});
