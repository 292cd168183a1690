import { describe, expect, it } from "vitest";
import { skeletonOf } from "@/tests/support/skeleton-of";
import { FIRST_SORTS } from "../domain/views/trace-views";
import { makeFoldContexts, SWITCHES, type Switch } from "../domain/waterfall/fold-context";
import { computeTracePlan } from "../domain/waterfall/trace-plan";
import { reduceTraceView, selectInitially, type TraceViewChange, type TraceViewState } from "./trace-view-state";

const trace = skeletonOf({
  name: "root",
  duration: 1000,
  children: Array.from({ length: 6 }, (_, at) => ({
    name: "call",
    start: at * 100,
    duration: 90,
    children: [{ name: "inner", start: at * 100, duration: 50 }],
  })),
});
const contextFor = makeFoldContexts(trace, computeTracePlan(trace));
const start: TraceViewState = {
  selected: undefined,
  isDrawerOpen: false,
  folds: new Uint8Array(trace.spanCount),
  openGroups: new Set(),
  openShorts: new Set(),
  zoom: { fromUs: 0, toUs: 1000 },
  hiddenServices: new Set(),
  switches: new Set(SWITCHES),
  find: "",
  isFiltering: false,
  viewName: "waterfall",
  sorts: FIRST_SORTS,
  flameRoot: undefined,
  rawText: "",
};

function reached(...actions: TraceViewChange[]): TraceViewState {
  return actions.reduce((state, action) => reduceTraceView(contextFor(state.switches), state, action), start);
}

describe("selecting what an address names", () => {
  it("selects the fold itself where it is meant, and the span where it is not", () => {
    const context = contextFor(start.switches);
    const fold = selectInitially(context, start, { span: 3, as: "group", isOpening: false });
    expect(fold.selected).toEqual({ kind: "group", ref: 0, span: 3 });
    expect(fold.isDrawerOpen).toBe(false);
    const span = selectInitially(context, start, { span: 3, as: undefined, isOpening: true });
    expect(span).toMatchObject({ selected: { kind: "span", ref: 3 }, isDrawerOpen: true });
  });

  it("selects the gap of the span that is meant, and the span where it has none", () => {
    const gap = skeletonOf({
      name: "root",
      duration: 100_000,
      children: [
        { name: "first", start: 20_000, duration: 30_000 },
        { name: "second", start: 70_000, duration: 30_000 },
      ],
    });
    const context = makeFoldContexts(gap, computeTracePlan(gap))(start.switches);
    const at = { ...start, folds: new Uint8Array(gap.spanCount) };
    const second = selectInitially(context, at, { span: 0, as: "gap-2", isOpening: false });
    expect(second.selected).toEqual({ kind: "gap", ref: 1, span: 0 });
    expect(context.plan.gaps.fromUs[1]).toBe(50_000);
    const none = selectInitially(context, at, { span: 1, as: "gap-1", isOpening: false });
    expect(none.selected).toEqual({ kind: "span", ref: 1, span: 1 });
  });

  it("selects the span where no such fold is told under the switches of the address", () => {
    const flat = { ...start, switches: new Set<Switch>() };
    const state = selectInitially(contextFor(flat.switches), flat, { span: 3, as: "group", isOpening: false });
    expect(state.selected).toEqual({ kind: "span", ref: 3, span: 3 });
  });
});

describe("selecting a span", () => {
  it("leaves the fold closed whose call it is", () => {
    const state = reached({ type: "select", span: 3 });
    expect(state.selected).toEqual({ kind: "span", ref: 3, span: 3 });
    expect(state.openGroups.size).toBe(0);
  });

  it("opens the fold when it must be seen in its own row, or is below a call of it", () => {
    expect([...reached({ type: "select", span: 3, isExact: true }).openGroups]).toEqual([1]);
    expect([...reached({ type: "select", span: 4 }).openGroups]).toEqual([1]);
  });

  it("unfolds what hides it and nothing else", () => {
    const state = reached({ type: "levels", levels: 1 }, { type: "select", span: 4 });
    expect(state.folds[0]).toBe(0);
    expect(state.folds[3]).toBe(0);
    expect(state.folds[5]).toBe(1);
  });

  it("opens the drawer only when asked, and keeps an open one", () => {
    expect(reached({ type: "select", span: 1 }).isDrawerOpen).toBe(false);
    const opened = reached({ type: "select", span: 1, isOpening: true }, { type: "select", span: 2 });
    expect(opened.isDrawerOpen).toBe(true);
  });
});

describe("folds", () => {
  it("open and close by their first row", () => {
    const open: TraceViewChange = { type: "openFold", kind: "group", first: 1, isOpen: true };
    expect([...reached(open).openGroups]).toEqual([1]);
    expect(reached(open, { ...open, isOpen: false }).openGroups.size).toBe(0);
    expect([...reached({ ...open, kind: "short" }).openShorts]).toEqual([1]);
  });

  it("are told by the span they stand for once a switch has changed what they are", () => {
    const selection = { kind: "group" as const, ref: 0, span: 5 };
    const state = reached({ type: "selectRow", selection }, { type: "switch", name: "similar" });
    expect(state.selected).toEqual({ kind: "span", ref: 5, span: 5 });
    expect(state.switches.has("similar")).toBe(false);
  });

  it("close again when levels are chosen", () => {
    const open: TraceViewChange = { type: "openFold", kind: "group", first: 1, isOpen: true };
    expect(reached(open, { type: "levels", levels: undefined }).openGroups.size).toBe(0);
  });
});

describe("views", () => {
  it("sort by the pressed column, and the other way round when it is pressed again", () => {
    const press: TraceViewChange = { type: "sort", table: "spans", by: "self" };
    expect(reached(press).sorts.spans).toEqual({ by: "self", direction: "descending" });
    expect(reached(press, press).sorts.spans).toEqual({ by: "self", direction: "ascending" });
    expect(reached({ type: "sort", table: "spans", by: "name" }).sorts.spans.direction).toBe("ascending");
    expect(reached(press).sorts.operations).toEqual(FIRST_SORTS.operations);
  });

  it("lead from an operation to its spans alone in the waterfall", () => {
    const state = reached({ type: "view", name: "operations" }, { type: "filterTo", text: "name=call" });
    expect(state).toMatchObject({ viewName: "waterfall", find: "name=call", isFiltering: true });
  });
});
