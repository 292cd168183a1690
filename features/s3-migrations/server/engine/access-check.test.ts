import { describe, expect, it } from "vitest";
import { StoreError } from "../stores/store-error";
import { AccessCheck } from "./access-check";

const refusal = (errorClass: "denied" | "transient", side: "source" | "destination" = "source") =>
  new StoreError({ errorClass, code: "AccessDenied", message: "no", side });
const expired = new StoreError({ errorClass: "auth", code: "ExpiredToken", message: "expired", side: "source" });

describe("AccessCheck", () => {
  it("leaves a refusal to its object where the bucket lets the same credentials in", async () => {
    const asked: string[] = [];
    const check = new AccessCheck(async (side) => void asked.push(side));
    const denied = refusal("denied", "destination");
    await expect(check.judge(denied)).rejects.toBe(denied);
    expect(asked).toEqual(["destination"]);
  });

  it("tells of the credentials where the bucket refuses them", async () => {
    const check = new AccessCheck(() => Promise.reject(expired));
    await expect(check.judge(refusal("denied"))).rejects.toBe(expired);
  });

  it("asks nothing about other failures", async () => {
    const check = new AccessCheck(() => Promise.reject(expired));
    const transient = refusal("transient");
    await expect(check.judge(transient)).rejects.toBe(transient);
  });

  it("asks once more, together, for all who were refused while it asked", async () => {
    const answers: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
    const check = new AccessCheck(() => new Promise<void>((resolve, reject) => void answers.push({ resolve, reject })));
    const denied = Array.from({ length: 5 }, () => refusal("denied"));
    const judged = Promise.allSettled(denied.map((error) => check.judge(error)));
    expect(answers).toHaveLength(1);
    answers[0]?.resolve();
    // The first question was put before four of the refusals: they wait for a newer answer.
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.reject(expired);
    expect((await judged).map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
      denied[0],
      expired,
      expired,
      expired,
      expired,
    ]);
  });
});
