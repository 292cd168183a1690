import { describe, expect, it } from "vitest";
import { S3DesiredState, S3MigrationPhase, S3MigrationState } from "@/server/db/generated/enums";
import { DESIRED_STATES, MIGRATION_PHASES, MIGRATION_STATES } from "./states";

describe("state lists", () => {
  it("are the same words in the database", () => {
    expect(Object.values(S3MigrationState)).toEqual([...MIGRATION_STATES]);
    expect(Object.values(S3DesiredState)).toEqual([...DESIRED_STATES]);
    expect(Object.values(S3MigrationPhase)).toEqual([...MIGRATION_PHASES]);
  });
});
