import { describe, expect, it } from "vitest";
import { toCopyText } from "./copy-text";

describe("toCopyText", () => {
  it("copies the commands of a session without prompts and output", () => {
    expect(toCopyText("$ oc get pods\nNAME READY\n$ oc logs \\\n    pod-1\nline\n", "console")).toBe(
      "oc get pods\noc logs \\\n    pod-1",
    );
  });
  it("knows a session in a shell block by its first line", () => {
    expect(toCopyText("$ ls\na\n", "bash")).toBe("ls");
  });
  it("leaves a script alone, comments and variables included", () => {
    expect(toCopyText("# note\necho $HOME\n", "bash")).toBe("# note\necho $HOME");
  });
  it("strips a root prompt only where it cannot be a comment", () => {
    expect(toCopyText("# reboot\n", "console")).toBe("reboot");
    expect(toCopyText("# reboot\n", undefined)).toBe("# reboot");
  });
});
