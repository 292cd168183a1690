import type { ObjectDetail } from "./object-contract";
import type { ErrorClass } from "./states";

/** One thing that happened to an object. */
export type StoryEvent =
  | { kind: "listed"; at: string | null; epoch: number }
  | {
      kind: "failed";
      at: string;
      firstAt: string;
      attempts: number;
      errorClass: ErrorClass;
      code: string;
      isOpen: boolean;
    }
  | { kind: "retried"; at: string; actor: string; note: string | null }
  | { kind: "uploading"; at: string };

/**
 * What is known of an object's past, oldest first. A failure stands at its last try; what failed before a retry stands
 * before it. What nobody notes, as the moment of a success, is not in it.
 */
export function objectStory({
  object,
  listedAt,
  retries,
  failure,
  uploadStartedAt,
}: Pick<ObjectDetail, "object" | "listedAt" | "retries" | "failure" | "uploadStartedAt">): StoryEvent[] {
  const events: StoryEvent[] = [{ kind: "listed", at: listedAt, epoch: object.epoch }];
  for (const { at, actor, note, firstAt, lastAt, attempts, errorClass, code } of [...retries].reverse()) {
    events.push({ kind: "failed", at: lastAt, firstAt, attempts, errorClass, code, isOpen: false });
    events.push({ kind: "retried", at, actor, note });
  }
  if (uploadStartedAt !== null) events.push({ kind: "uploading", at: uploadStartedAt });
  if (failure !== null) {
    const { firstAt, lastAt, attempts, errorClass, code } = failure;
    events.push({ kind: "failed", at: lastAt, firstAt, attempts, errorClass, code, isOpen: true });
  }
  return events;
}
