import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OBJECT_FILTERS } from "./object-contract";
import {
  EMPTY_VIEW,
  filtersOf,
  type ObjectView,
  parseObjectView,
  printObjectView,
  toObjectsFilter,
} from "./object-view";
import { ERROR_CLASSES, VERIFY_TIERS } from "./states";

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const anyView: fc.Arbitrary<ObjectView> = fc.record({
  prefix: fc.string(),
  search: fc.string(),
  from: fc.string(),
  state: maybe(fc.constantFrom(...OBJECT_FILTERS)),
  tier: maybe(fc.constantFrom(...VERIFY_TIERS)),
  cause: maybe(fc.record({ errorClass: fc.constantFrom(...ERROR_CLASSES), code: maybe(fc.string({ minLength: 1 })) })),
  object: maybe(fc.nat()),
});

describe("the explorer's address", () => {
  it("reads back to the view it was printed from", () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const search = new URLSearchParams(printObjectView(view));
        expect(parseObjectView(new URLSearchParams(search.toString()))).toEqual(view);
      }),
    );
  });

  it("takes what it cannot read as not there", () => {
    const search = new URLSearchParams("state=gone&tier=&cause=weather Rain&object=-1");
    expect(parseObjectView(search)).toEqual(EMPTY_VIEW);
  });
});

describe("toObjectsFilter", () => {
  it("asks for what is set, and for nothing else", () => {
    expect(toObjectsFilter(EMPTY_VIEW)).toEqual({});
    const view = { ...EMPTY_VIEW, from: "k", cause: { errorClass: "conflict" as const, code: undefined } };
    expect(toObjectsFilter(view)).toEqual({ from: "k", errorClass: "conflict" });
    expect(filtersOf(view)).toBe(1);
  });
});
