import { describe, expect, it } from "vitest";
import { carryOver } from "./grown-trace";
import { parseTraceAddress, placeInTrace, toTraceAddress } from "./trace-address";
import { computeTreeColumns, type TraceSkeleton } from "./trace-skeleton";
import { FIRST_SORTS } from "./views/trace-views";

type Row = { id: number; parent: number; startUs: number; durationUs: number; service: number };

function makeTrace(rows: Row[], { startUs = 1000, hasIds = true } = {}): TraceSkeleton {
  const parent = Int32Array.from(rows, (row) => row.parent);
  return {
    spanCount: rows.length,
    startUs,
    durationUs: Math.max(...rows.map((row) => row.startUs + row.durationUs)),
    names: ["work"],
    services: ["", "shop", "bank, inc"],
    details: [""],
    waits: [""],
    spanStartUs: Float64Array.from(rows, (row) => row.startUs),
    spanDurationUs: Float64Array.from(rows, (row) => row.durationUs),
    parent,
    nameIndex: new Uint32Array(rows.length),
    serviceIndex: Uint32Array.from(rows, (row) => row.service),
    detailIndex: new Uint32Array(rows.length),
    waitIndex: new Uint32Array(rows.length),
    kind: new Uint8Array(rows.length),
    category: new Uint8Array(rows.length),
    flags: new Uint8Array(rows.length),
    ...computeTreeColumns(parent),
    spanIds: hasIds ? Uint8Array.from(rows.flatMap(({ id }) => [0, 0, 0, 0, 0, 0, 0, id])) : undefined,
  };
}

const EARLY: Row[] = [
  { id: 2, parent: -1, startUs: 0, durationUs: 50, service: 1 },
  { id: 3, parent: 0, startUs: 10, durationUs: 20, service: 2 },
];
// The root arrived, and started 100 µs before what was there.
const GROWN: Row[] = [
  { id: 1, parent: -1, startUs: 0, durationUs: 400, service: 1 },
  { id: 2, parent: 0, startUs: 100, durationUs: 50, service: 1 },
  { id: 3, parent: 1, startUs: 110, durationUs: 20, service: 2 },
];

describe("placeInTrace", () => {
  const place = (text: string) => placeInTrace(new URLSearchParams(text));

  it("is another one for another view and for another frame of the flame, so that Back undoes that", () => {
    const places = ["", "view=flame", "view=flame&root=at-3", "view=operations", "view=spans", "view=raw"].map(place);
    expect(new Set(places).size).toBe(places.length);
  });

  it("stays the same however the same view is looked at", () => {
    const looks = ["find=x&only=1", "row=at-3", "span=at-3", "zoom=1-9&fold=a", "off=gaps&hide=web", "view=none"];
    expect(new Set(looks.map(place))).toEqual(new Set([place("")]));
    expect(place("view=operations&sort=max-&root=at-3")).toBe(place("view=operations"));
  });
});

describe("carryOver", () => {
  it.each([true, false])("keeps folds, selection, services and zoom on the same spans (ids: %s)", (hasIds) => {
    const state = {
      selected: 1,
      flameRoot: 0,
      folds: Uint8Array.from([1, 0]),
      zoom: { fromUs: 10, toUs: 30 },
      hiddenServices: new Set([2]),
      openGroups: new Set([1]),
      openShorts: new Set<number>(),
    };
    const carried = carryOver(makeTrace(EARLY, { hasIds }), makeTrace(GROWN, { startUs: 900, hasIds }), state);
    expect(carried.selected).toBe(2);
    expect(carried.flameRoot).toBe(1);
    expect([...carried.folds]).toEqual([0, 1, 0]);
    expect([...carried.openGroups]).toEqual([2]);
    expect(carried.zoom).toEqual({ fromUs: 110, toUs: 130 });
    expect([...carried.hiddenServices]).toEqual([2]);
  });

  it("goes on showing the whole trace when the whole was shown", () => {
    const state = {
      selected: undefined,
      flameRoot: undefined,
      folds: new Uint8Array(2),
      zoom: { fromUs: 0, toUs: 50 },
      hiddenServices: new Set<number>(),
      openGroups: new Set<number>(),
      openShorts: new Set<number>(),
    };
    expect(carryOver(makeTrace(EARLY), makeTrace(GROWN), state).zoom).toEqual({ fromUs: 0, toUs: 400 });
  });
});

describe("the address of a trace's view", () => {
  it("opens the view it was made of", () => {
    const trace = makeTrace(GROWN);
    const view = {
      find: "SELECT",
      isFiltering: true,
      hiddenServices: new Set([0, 2]),
      zoom: { fromUs: 10, toUs: 200 },
      switches: new Set(["path", "usual"] as const),
      viewName: "spans" as const,
      rawText: "",
      sorts: { ...FIRST_SORTS, spans: { by: "self", direction: "ascending" } as const },
      folds: Uint8Array.from([0, 1, 0]),
      openGroups: new Set([1]),
      openShorts: new Set([2]),
    };
    expect(parseTraceAddress(trace, new URLSearchParams(toTraceAddress(trace, view)))).toEqual(view);
  });

  it("keeps what is looked for in the raw text while that is shown", () => {
    const trace = makeTrace(GROWN);
    const params = new URLSearchParams({ view: "raw", text: "dead lock" });
    const view = parseTraceAddress(trace, params);
    expect(new URLSearchParams(toTraceAddress(trace, view)).toString()).toBe(params.toString());
    expect(toTraceAddress(trace, { ...view, viewName: "waterfall" })).toEqual([]);
  });

  it("says nothing of a view nobody changed", () => {
    const trace = makeTrace(GROWN);
    expect(toTraceAddress(trace, parseTraceAddress(trace, new URLSearchParams()))).toEqual([]);
  });

  it.each(["9-3", "500-600", "-1-5", "a-b", "1", "7-7"])("shows the whole trace for the window %s", (zoom) => {
    expect(parseTraceAddress(makeTrace(GROWN), new URLSearchParams({ zoom })).zoom).toEqual({ fromUs: 0, toUs: 400 });
  });
});
