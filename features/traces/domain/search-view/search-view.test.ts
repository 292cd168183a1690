import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQueryLine } from "../query/parse-query-line";
import {
  type Brush,
  brushBetween,
  brushTerms,
  brushText,
  isInBrush,
  nudgeBrush,
  parseBrush,
  printBrush,
} from "./brush";
import { applyCompletion, completionPlace } from "./completion-place";
import { coverageText } from "./coverage-text";
import { takeFrames } from "./event-frames";
import { bubbleUpBody, withinBrush } from "./facts-request";
import { formOfLine, lineOfCriteria } from "./form-line";
import { unreadText, withoutTerm, withTerms } from "./line-terms";
import {
  CHOSEN_COLUMNS,
  PLOT_KINDS,
  parseSearchView,
  SCALE_KINDS,
  SEARCH_RANKS,
  toSearchParamsOf,
} from "./search-address";
import { toCsv } from "./summaries-file";

const whole = (max: number) => fc.integer({ min: 0, max });
const brushes = fc
  .record({ a: whole(2e12), b: whole(2e12), low: whole(1e10), high: whole(1e10) })
  .map(({ a, b, low, high }) => brushBetween({ ms: a, us: low }, { ms: b, us: high }));
const slowest: Brush = { fromMs: 1000, toMs: 9000, lowUs: 359_000, highUs: Number.POSITIVE_INFINITY };

describe("parseSearchView", () => {
  const views = fc.record({
    line: fc.constantFrom("", "service:web", 'operation:"GET /users/:id" dur>=1s'),
    rank: fc.constantFrom(...SEARCH_RANKS),
    matches: fc.constantFrom("traces" as const, "spans" as const),
    plot: fc.option(fc.constantFrom(...PLOT_KINDS), { nil: undefined }),
    scale: fc.constantFrom(...SCALE_KINDS),
    brush: fc.option(brushes, { nil: undefined }),
    isOnlySelection: fc.boolean(),
    hidden: fc.subarray([...CHOSEN_COLUMNS]),
    isLive: fc.boolean(),
    hasOwn: fc.boolean(),
    limit: fc.constantFrom("", "200"),
    row: fc.option(fc.constant("ab12"), { nil: undefined }),
    picked: fc.constantFrom<string[][]>([], ["ab12"], ["ab12", "cd34"]),
  });

  it("reads back every view the address can hold", () => {
    fc.assert(
      fc.property(views, (view) => {
        const written = Object.entries(toSearchParamsOf(view)).filter(([, value]) => value !== "");
        expect(parseSearchView(new URLSearchParams(written))).toEqual(view);
      }),
    );
  });

  it("reads the fields of older links as a line, which the first change takes over", () => {
    const older = new URLSearchParams(
      'service=web&operation=GET /&min=300ms&max=2s&attributes=a.b=c http.route="/x y"',
    );
    const { line } = parseSearchView(older);
    expect(line).toBe('service:web operation:"GET /" dur>=300ms dur<=2s a.b:c http.route:"/x y"');
    expect(parseQueryLine(line).problems).toEqual([]);
    expect(toSearchParamsOf({ line: "service:web" })).toMatchObject({ q: "service:web", min: "", attributes: "" });
  });

  it("keeps what does not read of an older link where it can be put right", () => {
    const { line } = parseSearchView(new URLSearchParams("min=fast"));
    expect(parseQueryLine(line).problems).toHaveLength(1);
    expect(unreadText(line)).toBe("dur>=fast");
  });
});

describe("a selection without an upper edge", () => {
  it("stands in the address and in words as one, and older links that wrote a huge number are read as one", () => {
    expect(printBrush(slowest)).toBe("1000-9000_359000-");
    expect(parseBrush("1000-9000_359000-")).toEqual(slowest);
    expect(parseBrush("1000-9000_359000-10000000000000")).toEqual(slowest);
    expect(brushText(slowest)).toBe("359\u202fms or longer");
    expect(brushText({ ...slowest, highUs: 2_400_000 })).toBe("359\u202fms – 2.40\u202fs");
  });

  it("asks for no longest duration", () => {
    expect(brushTerms(slowest)).toEqual([{ field: "dur", comparator: ">=", value: 359_000 }]);
    expect(bubbleUpBody("", slowest, slowest).selection).toEqual({ start: 1000, end: 9000, minDurationUs: 359_000 });
    expect(isInBrush(slowest, { startMs: 1000, durationUs: 1e15 })).toBe(true);
  });

  it("stays open above however it is moved, until its upper edge is", () => {
    const extent = { fromMs: 0, toMs: 10_000, lowUs: 1000, highUs: 1e6 };
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
    for (const key of keys) expect(nudgeBrush(slowest, key, false, extent).highUs).toBe(Number.POSITIVE_INFINITY);
    const lowered = nudgeBrush(slowest, "ArrowDown", true, extent);
    expect(lowered.highUs).toBeLessThan(1e6);
  });
});

describe("brush", () => {
  it("reads back what it prints", () => {
    fc.assert(
      fc.property(brushes, (brush) => {
        expect(parseBrush(printBrush(brush))).toEqual(brush);
      }),
    );
  });

  it("refuses what is no rectangle", () => {
    for (const text of [null, "", "1-2", "5-1_0-9", "1-5_9-0", "a-b_c-d"]) expect(parseBrush(text)).toBeUndefined();
  });

  it("never leaves the plot and never turns inside out, whatever keys are pressed", () => {
    const extent = { fromMs: 1000, toMs: 61_000, lowUs: 10, highUs: 1e7 };
    const keys = fc.array(fc.tuple(fc.constantFrom("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"), fc.boolean()));
    fc.assert(
      fc.property(keys, (presses) => {
        let brush: Brush = { fromMs: 20_000, toMs: 40_000, lowUs: 1000, highUs: 1e6 };
        for (const [key, isResize] of presses) brush = nudgeBrush(brush, key, isResize, extent);
        expect(brush.fromMs).toBeLessThanOrEqual(brush.toMs);
        expect(brush.lowUs).toBeLessThanOrEqual(brush.highUs);
        expect(brush.fromMs).toBeGreaterThanOrEqual(extent.fromMs);
        expect(brush.toMs).toBeLessThanOrEqual(extent.toMs);
        expect(brush.highUs).toBeLessThanOrEqual(extent.highUs);
      }),
    );
  });

  it("becomes terms that leave out nothing of it", () => {
    fc.assert(
      fc.property(brushes, (brush) => {
        const [low, high] = brushTerms(brush);
        expect(low?.value).toBeLessThanOrEqual(brush.lowUs);
        expect(high?.value).toBeGreaterThanOrEqual(brush.highUs);
      }),
    );
  });

  it("asks the fact table for exactly what lies in it", () => {
    const window = { fromMs: 0, toMs: 3e12 };
    fc.assert(
      fc.property(brushes, whole(2e12), whole(1e10), (brush, startMs, durationUs) => {
        const asked = withinBrush({}, window, brush);
        const isAsked =
          startMs >= asked.window.fromMs &&
          startMs < asked.window.toMs &&
          durationUs >= (asked.meaning.minDurationUs ?? 0) &&
          durationUs <= (asked.meaning.maxDurationUs ?? Infinity);
        expect(isAsked).toBe(isInBrush(brush, { startMs, durationUs }));
      }),
    );
  });
});

describe("line terms", () => {
  it("puts a term in the place of the one that says the same", () => {
    const line = "service:web dur>=1s dur<=5s a:b";
    expect(withTerms(line, [{ field: "dur", comparator: ">", value: 2_000_000 }])).toBe(
      "service:web dur<=5s a:b dur>2s",
    );
    expect(withTerms(line, [{ field: "attribute", key: "a", value: "c" }])).toBe("service:web dur>=1s dur<=5s a:c");
    expect(withoutTerm(line, 1)).toBe("service:web dur<=5s a:b");
  });

  it("goes through the form and back without a loss", () => {
    const line = 'service:web operation:"GET /" dur>=300ms dur<=2s status:error spans>100 http.route:"/x y"';
    const { attributes, min, max, service, operation } = formOfLine(line, "");
    expect({ attributes, min, max, service, operation }).toEqual({
      attributes: 'http.route="/x y"',
      min: "300ms",
      max: "2s",
      service: "web",
      operation: "GET /",
    });
    const criteria = {
      service,
      operation,
      minDurationUs: 3e5,
      maxDurationUs: 2e6,
      attributes: { "http.route": "/x y" },
    };
    expect(lineOfCriteria(line, { ...criteria, limit: 100 })).toBe(line);
  });
});

describe("completionPlace", () => {
  it.each([
    ["", undefined, ""],
    ["ser", undefined, "ser"],
    ["service:", "service", ""],
    ["service:we", "service", "we"],
    ['a:b operation:"GET /us', "operation", "GET /us"],
    ["service:web ", undefined, ""],
  ])("knows where the writer of %j is", (text, key, prefix) => {
    expect(completionPlace(text)).toMatchObject({ key, prefix });
  });

  it("offers nothing inside a comparison", () => {
    expect(completionPlace("dur>3")).toBeUndefined();
  });

  it("replaces the piece that is being written, and nothing before it", () => {
    const text = 'service:web operation:"GET /us';
    const place = completionPlace(text);
    if (place === undefined) throw new Error("no place");
    const item = { kind: "value", insert: 'operation:"GET /users/:id"' };
    expect(applyCompletion(text, place, item)).toBe('service:web operation:"GET /users/:id" ');
  });
});

describe("coverageText", () => {
  const told = {
    complete: 1,
    filling: "done",
    trouble: null,
    truncatedCount: 0,
    join: null,
  } as const;
  it("calls whole only what lacks nothing", () => {
    expect(coverageText(told).tone).toBe("whole");
    expect(coverageText({ ...told, truncatedCount: 2 }).tone).toBe("cut");
    expect(coverageText({ ...told, join: { foundCount: 1500, isWhole: false } }).tone).toBe("cut");
    expect(coverageText({ ...told, complete: 0.999, filling: "running" })).toMatchObject({
      tone: "reading",
      text: "reading… 99 %",
    });
    expect(coverageText({ ...told, complete: 0.4, filling: "failing", trouble: "Jaeger is down." }).tone).toBe("cut");
  });
});

describe("takeFrames", () => {
  it("finds the same frames however the stream is cut", () => {
    const text =
      'retry: 1000\n\nevent: progress\ndata: {"a":1}\n\n: keep-alive\n\nevent: result\r\ndata: {"b":2}\r\n\r\n';
    fc.assert(
      fc.property(whole(text.length), (at) => {
        const first = takeFrames(text.slice(0, at));
        const second = takeFrames(first.rest + text.slice(at));
        expect([...first.frames, ...second.frames]).toEqual([
          { event: "progress", data: '{"a":1}' },
          { event: "result", data: '{"b":2}' },
        ]);
      }),
    );
  });
});

describe("toCsv", () => {
  it("quotes what would break a line or run as a formula", () => {
    const summary = {
      traceId: "ab",
      rootService: "=cmd()",
      rootOperation: 'say "a, b"',
      startUs: 0,
      durationUs: 5,
      spanCount: 2,
      errorSpanCount: 0,
      orphanSpanCount: 0,
      services: [{ name: "web", spanCount: 2, errorSpanCount: 0 }],
    };
    expect(toCsv([summary])).toContain(`ab,'=cmd(),"say ""a, b""",1970-01-01T00:00:00.000Z,5,2,0,web=2\r\n`);
  });
});
