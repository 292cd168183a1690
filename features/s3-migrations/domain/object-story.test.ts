import { describe, expect, it } from "vitest";
import type { ObjectDetail } from "./object-contract";
import { objectStory } from "./object-story";

const at = (minute: number) => `2026-11-23T10:${String(minute).padStart(2, "0")}:00.000Z`;
const failed = { errorClass: "conflict", code: "KeyExists", httpStatus: 412, requestId: null, message: "m" } as const;
const object = { epoch: 0 } as ObjectDetail["object"];
const retry = (commandId: number, minute: number) => ({
  ...failed,
  ...{ commandId, at: at(minute), verb: "retry_failed" as const, actor: "ada", note: null, state: "conflict" as const },
  ...{ attempts: 1, firstAt: at(minute - 2), lastAt: at(minute - 1) },
});

describe("objectStory", () => {
  it("tells each failure before the retry that answered it, and the open one last", () => {
    const failure = { ...failed, attempts: 5, firstAt: at(30), lastAt: at(31) };
    const story = objectStory({
      ...{ object, listedAt: at(1), retries: [retry(2, 20), retry(1, 10)], failure, uploadStartedAt: null },
    });
    expect(story.map(({ kind }) => kind)).toEqual(["listed", "failed", "retried", "failed", "retried", "failed"]);
    expect(story.map((event) => event.at)).toEqual([at(1), at(9), at(10), at(19), at(20), at(31)]);
    expect(story.at(-1)).toMatchObject({ isOpen: true, attempts: 5 });
  });

  it("has a beginning for an object nothing happened to", () => {
    expect(objectStory({ object, listedAt: null, retries: [], failure: null, uploadStartedAt: null })).toEqual([
      { kind: "listed", at: null, epoch: 0 },
    ]);
  });
});
