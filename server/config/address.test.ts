import { expect, it } from "vitest";
import { consoleUrl, isCollectorOurs, jaegerApiUrl, otlpUrl } from "./address";

it("names every door of ours at the address it listens on", () => {
  Object.assign(process.env, { HOST: "::1", PORT: "3001", OTLP_PORT: "3002", JAEGER_API_PORT: "3003" });
  process.env.JAEGER_URL = "http://[::1]:3003";
  expect([consoleUrl(), otlpUrl(), jaegerApiUrl()]).toEqual([3001, 3002, 3003].map((port) => `http://[::1]:${port}`));
  // Where our collector would answer another Jaeger may stand.
  expect(isCollectorOurs()).toBe(false);
});
