import { describe, expect, it } from "vitest";
import { causeIn, isDiskFullComplaint } from "./complaint";

const TIDYING = 'initdb: removing contents of data directory "/srv/data/postgres"';

describe("causeIn", () => {
  it("names the limit that ended initdb, not the tidying after it", () => {
    const stderr = `child process was terminated by signal 25: File size limit exceeded\n${TIDYING}\n`;
    expect(causeIn(stderr)).toBe("child process was terminated by signal 25: File size limit exceeded");
  });

  it("names the first fatal line, without time and process", () => {
    const stderr = [
      '2026-11-23 14:00:00.000 UTC [77] FATAL:  could not create shared memory segment "/PostgreSQL.1": No space',
      "2026-11-23 14:00:00.001 UTC [77] LOG:  database system is shut down",
      "child process exited with exit code 1",
      TIDYING,
    ].join("\n");
    expect(causeIn(stderr)).toMatch(/^FATAL: {2}could not create shared memory segment/);
  });

  it("prefers initdb's own error to its warnings", () => {
    const stderr = `initdb: warning: enabling "trust"\ninitdb: error: could not access directory: Permission denied\n${TIDYING}`;
    expect(causeIn(stderr)).toBe("initdb: error: could not access directory: Permission denied");
  });

  it.each(["", TIDYING])("says something about stderr %j", (stderr) => {
    expect(causeIn(stderr)).not.toBe("");
  });
});

describe("isDiskFullComplaint", () => {
  it("knows a full disk and a spent quota, and nothing else", () => {
    expect(isDiskFullComplaint("could not write: No space left on device")).toBe(true);
    expect(isDiskFullComplaint("could not write: Disk quota exceeded")).toBe(true);
    expect(isDiskFullComplaint("Permission denied")).toBe(false);
  });

  it("takes the server's SQLSTATE for it, whatever the words", () => {
    const line = 'UTC [77] 53100 FATAL:  could not write lock file "postmaster.pid"';
    expect(isDiskFullComplaint(`2026-11-23 14:00:00.000 ${line}`)).toBe(true);
    expect(causeIn(`2026-11-23 14:00:00.000 ${line}`)).toBe('FATAL:  could not write lock file "postmaster.pid"');
    expect(isDiskFullComplaint("2026-11-23 14:00:00.000 UTC [77] 42501 FATAL:  no space left for you")).toBe(false);
  });
});
