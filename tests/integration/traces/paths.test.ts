import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { describePaths } from "../../support/paths-suite";

describePaths("many traces of the embedded collector", async () => {
  const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  return {
    queryUrl: `http://127.0.0.1:${collector.jaegerApiPort}`,
    otlpUrl: `http://127.0.0.1:${collector.otlpPort}`,
    stop: async () => {
      await collector.stop();
      await closeCollectorPool();
    },
  };
});
