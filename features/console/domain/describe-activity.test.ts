import { describe, expect, it } from "vitest";
import { describeActivity } from "./describe-activity";

const COMMAND_WORDS = [
  ..."create start pause resume cancel retry_failed list_again accept_shrink repair".split(" "),
  ..."begin_cutover confirm_cutover end_soak ask_retire approve_retire configure delete".split(" "),
];

describe("describeActivity", () => {
  it("tells what was done to what, by name, with a link", () => {
    const event = { action: "s3-migration.create", subject: "s3-migration:m1", detail: { name: "Preview images" } };
    expect(describeActivity(event)).toEqual({
      verb: "created the S3 migration",
      object: "Preview images",
      href: "/s3-migrations/m1",
      said: "",
    });
  });

  it("falls back to the id where the event has no name", () => {
    expect(describeActivity({ action: "run.start", subject: "run:7", detail: {} })).toEqual({
      verb: "started the run",
      object: "7",
      href: "/runs/7",
      said: "",
    });
  });

  it("keeps the words of an action it does not know, without a link", () => {
    expect(describeActivity({ action: "token.rotate_all", subject: "tokens", detail: {} })).toEqual({
      verb: "rotate all token",
      object: "",
      href: undefined,
      said: "",
    });
  });

  it("names the step of a run, and quotes what was said with it", () => {
    const detail = { title: "Checkout is slow", step: "3.1", text: "the index is there" };
    expect(describeActivity({ action: "run.skip", subject: "run:7", detail })).toEqual({
      verb: "skipped step 3.1 of the run",
      object: "Checkout is slow",
      href: "/runs/7",
      said: "the index is there",
    });
    expect(describeActivity({ action: "run.note", subject: "run:7", detail: { text: "hello" } })).toMatchObject({
      verb: "wrote a note in the run",
      said: "hello",
    });
  });

  it("has no link to what was deleted", () => {
    const event = { action: "s3-migration.delete", subject: "s3-migration:m1", detail: { name: "Old" } };
    expect(describeActivity(event)).toMatchObject({ object: "Old", href: undefined });
  });

  it("tells which version of what was deployed", () => {
    const event = { action: "traces.deploy", subject: "d1", detail: { service: "web", version: "v2", atUs: 1 } };
    expect(describeActivity(event)).toMatchObject({ verb: "reported a deploy of", object: "web v2" });
  });

  it.each(COMMAND_WORDS)("has words of its own for %s", (verb) => {
    const { verb: told } = describeActivity({ action: `s3-migration.${verb}`, subject: "s3-migration:m1", detail: {} });
    expect(told).toMatch(/ the S3 migration$/);
    expect(told.startsWith(`${verb.replaceAll("_", " ")} `)).toBe(false);
  });
});
