import { describe, expect, it } from "vitest";
import { addSettings } from "@/server/config/env";
import { readSettings } from "./read-settings";

describe("readSettings", () => {
  it("says of what the console found out by itself that nobody set it", () => {
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector.example:4318";
    addSettings({
      DATABASE_URL: "postgresql://ops:secret@127.0.0.1:5432/ops",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example:4318",
    });
    const settings = readSettings().flatMap((group) => group.settings);
    const find = (name: string) => settings.find((setting) => setting.name === name);
    expect(find("DATABASE_URL")).toMatchObject({ origin: "own", value: null });
    expect(find("OTEL_EXPORTER_OTLP_ENDPOINT")).toMatchObject({ origin: "set" });
  });
});
