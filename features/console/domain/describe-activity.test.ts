import { describe, expect, it } from "vitest";
import { describeActivity } from "./describe-activity";

describe("describeActivity", () => {
  it("tells what was done to what, by name, with a link", () => {
    const event = { action: "s3-migration.create", subject: "s3-migration:m1", detail: { name: "Preview images" } };
    expect(describeActivity(event)).toEqual({
      verb: "created the S3 migration",
      object: "Preview images",
      href: "/s3-migrations/m1",
    });
  });

  it("falls back to the id where the event has no name", () => {
    expect(describeActivity({ action: "run.start", subject: "run:7", detail: {} })).toEqual({
      verb: "started the run",
      object: "7",
      href: "/runs/7",
    });
  });

  it("keeps the words of an action it does not know, without a link", () => {
    expect(describeActivity({ action: "token.rotate_all", subject: "tokens", detail: {} })).toEqual({
      verb: "rotate all token",
      object: "",
      href: undefined,
    });
  });
});
