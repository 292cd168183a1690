import { startCollector } from "@/features/collector/server";

// A collector in a process of its own, so that a bench's load is not on its event loop. Tells its ports, then its memory.
const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
process.send?.({ otlpPort: collector.otlpPort, jaegerApiPort: collector.jaegerApiPort });
process.on("message", () => process.send?.({ rssBytes: process.memoryUsage().rss }));
process.once("disconnect", () => process.exit(0));
