import { describe, expect, it } from "vitest";
import { placesWithinReach } from "./layout";

describe("placesWithinReach", () => {
  it("gives every data directory a place of its own, however much two of them look alike at the end", () => {
    // The last twelve characters once made the name: every ".../data/postgres" was one and the same database.
    const dirs = ["/root/a/.data/postgres", "/root/b/.data/postgres", "/tmp/tmp.x/data/postgres"];
    const places = dirs.map((dir) => placesWithinReach("18.4.0", dir).dataDir);
    expect(new Set(places).size).toBe(dirs.length);
    expect(placesWithinReach("18.4.0", dirs[0] ?? "").dataDir).toBe(places[0]);
  });

  it("keeps the binaries of each version apart, so that an update is used", () => {
    const [older, newer] = ["18.4.0", "18.5.0"].map((version) => placesWithinReach(version, "/root/x").nativeDir);
    expect(older).not.toBe(newer);
  });
});
