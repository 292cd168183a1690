import { startConsole } from "./console";

/** One whole console for all browser tests; its address reaches the workers through the environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const testConsole = await startConsole();
  process.env.OPS_E2E_URL = testConsole.url;
  process.env.OPS_E2E_OTLP_URL = testConsole.otlpUrl;
  process.env.OPS_E2E_JAEGER_URL = testConsole.jaegerUrl;
  return async () => {
    await testConsole.stop();
  };
}
