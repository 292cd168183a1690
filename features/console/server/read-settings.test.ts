import { describe, expect, it } from "vitest";
import { addSettings, SETTING_NAMES } from "@/server/config/env";
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

  it("lists every setting a person can make, each once", () => {
    const internal = [
      "NODE_ENV",
      "PATH",
      "SSH_AUTH_SOCK",
      "OPS_FOUND_SETTINGS",
      "OPS_RESTARTS",
      "NEXT_DIST_DIR",
      "INIT_CWD",
    ];
    const credentials = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    const shown = readSettings().flatMap((group) => group.settings.map(({ name }) => name));
    expect(shown.toSorted()).toEqual(
      SETTING_NAMES.filter((name) => ![...internal, ...credentials].includes(name)).toSorted(),
    );
  });

  it("shows the default of one that is not set, and nothing of one that only the worker has", () => {
    const settings = readSettings().flatMap((group) => group.settings);
    const find = (name: string) => settings.find((setting) => setting.name === name);
    expect(find("RUNBOOKS")).toMatchObject({ value: "runbooks", origin: "default" });
    addSettings({ OPS_SMTP_URL: "smtp://user:secret@mail.example:25" });
    expect(JSON.stringify(readSettings())).not.toContain("mail.example");
    expect(find("OPS_SMTP_URL")).toMatchObject({ value: null, origin: "worker only" });
  });
});
