import { describe, expect, it } from "vitest";
import type { S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { OBJECT_STATES } from "@/features/s3-migrations/domain/states";
import { toProgressBar } from "./progress-bar";

function at(pending: number, more: Partial<S3MigrationSnapshot> = {}): S3MigrationSnapshot {
  const counts = { ...Object.fromEntries(OBJECT_STATES.map((state) => [state, 0])), pending };
  return {
    state: "running",
    desiredState: "running",
    phase: "copy",
    stopped: null,
    counts,
    bytes: { present: 0, waiting: 0, other: 0 },
    inventory: { sealedAt: "2026-01-01T00:00:00.000Z", objects: 100, bytes: 0, chunks: 1 },
    rate: null,
    eta: { kind: "none" },
    ...more,
  } as S3MigrationSnapshot;
}

describe("the bar of a terminal", () => {
  it("grows with what is settled and is full only when all is verified", () => {
    expect(toProgressBar(at(100), 200)).toMatch(/^\[ {24}\] /);
    expect(toProgressBar(at(50), 200)).toMatch(/^\[█{12} {12}\] /);
    expect(toProgressBar(at(0), 200)).toMatch(/^\[█{23}▉\] /);
    expect(toProgressBar(at(0, { state: "verified" }), 200)).toMatch(/^\[█{24}\] /);
  });

  it("has no share before the listing is sealed, and fits the terminal", () => {
    const listing = at(0, { inventory: { sealedAt: null, objects: 5, bytes: 0, chunks: 0 } });
    expect(toProgressBar(listing, 200)).not.toContain("[");
    expect([...toProgressBar(at(10), 40)]).toHaveLength(39);
  });
});
