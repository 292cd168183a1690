/** A span as OTLP writes it in JSON; times in µs from the trace's origin. */
export type HostileSpan = {
  id: number;
  parent?: number;
  name: string;
  startUs: number;
  durationUs: number;
  kind?: number;
  attributes?: object[];
};
export type HostileTrace = { title: string; spans: HostileSpan[] };

const CLIENT = 3;
const YEAR_US = 365 * 86_400 * 1_000_000;

export const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
export const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const many = (count: number, make: (at: number) => HostileSpan) => Array.from({ length: count }, (_, at) => make(at));

/** Shapes that broke viewers: each is what some broken or strange program sends. */
export const HOSTILE_TRACES: Record<string, () => HostileTrace> = {
  chain: () => ({
    title: "20,000 deep",
    spans: many(20_000, (at) => ({
      id: at + 1,
      ...(at === 0 ? {} : { parent: at }),
      name: `call ${at % 7}`,
      startUs: at,
      durationUs: 50_000 - 2 * at,
    })),
  }),
  wide: () => ({
    title: "20,000 siblings",
    spans: [
      { id: 1, name: "parent of many", startUs: 0, durationUs: 2_000_000 },
      ...many(19_999, (at) => ({
        id: at + 2,
        parent: 1,
        name: `child ${at % 900}`,
        startUs: at * 100,
        durationUs: 30 + ((at * 7919) % 300),
        kind: CLIENT,
      })),
    ],
  }),
  cycle: () => ({
    title: "parents in a circle",
    spans: [
      ...many(30, (at) => ({
        id: at + 1,
        parent: ((at + 1) % 30) + 1,
        name: `round ${at}`,
        startUs: at * 10,
        durationUs: 500,
      })),
      { id: 90, parent: 90, name: "its own parent", startUs: 5, durationUs: 700 },
    ],
  }),
  orphans: () => ({
    title: "no root, 400 orphans",
    spans: many(400, (at) => ({
      id: at + 1,
      parent: 100_000 + at,
      name: `lost ${at % 5}`,
      startUs: at * 50,
      durationUs: 120,
    })),
  }),
  instant: () => ({
    title: "no span takes time",
    spans: many(50, (at) => ({
      id: at + 1,
      ...(at === 0 ? {} : { parent: 1 }),
      name: `at once ${at % 3}`,
      startUs: 0,
      durationUs: 0,
    })),
  }),
  backwards: () => ({
    title: "ends before it starts",
    spans: many(20, (at) => ({
      id: at + 1,
      ...(at === 0 ? {} : { parent: 1 }),
      name: `back ${at}`,
      startUs: 1000 + at,
      durationUs: -500,
    })),
  }),
  skew: () => ({
    title: "a clock a year behind",
    spans: [
      { id: 1, name: "GET /now", startUs: 0, durationUs: 20_000, kind: 2 },
      { id: 2, parent: 1, name: "GET http://other/", startUs: 1000, durationUs: 15_000, kind: CLIENT },
      { id: 3, parent: 2, name: "GET /then", startUs: -YEAR_US, durationUs: 12_000, kind: 2 },
      { id: 4, parent: 3, name: "SELECT then", startUs: 1000 - YEAR_US, durationUs: 9000, kind: CLIENT },
    ],
  }),
  duplicates: () => ({
    title: "3,000 spans with one id",
    spans: [
      { id: 1, name: "root", startUs: 0, durationUs: 400_000 },
      ...many(3000, (at) => ({ id: 7, parent: 1, name: `same ${at % 4}`, startUs: at * 100, durationUs: 90 })),
    ],
  }),
  attributes: () => ({
    title: "a value of 60 kB and 1,000 attributes",
    spans: [
      {
        id: 1,
        name: "heavy luggage",
        startUs: 0,
        durationUs: 5000,
        attributes: [
          text("db.statement", `SELECT ${"column_name, ".repeat(4600)}1`),
          text("unbroken", "x".repeat(60_000)),
        ],
      },
      {
        id: 2,
        parent: 1,
        name: "many small things",
        startUs: 100,
        durationUs: 4000,
        attributes: many(1000, (at) => ({ id: at, name: "", startUs: 0, durationUs: 0 })).map(({ id }) =>
          text(`key.${id}`, `value ${id}`),
        ),
      },
    ],
  }),
  names: () => ({
    title: "names of every kind",
    spans: ODD_NAMES.map((name, at) => ({
      id: at + 1,
      ...(at === 0 ? {} : { parent: 1 }),
      name,
      startUs: at * 10,
      durationUs: 1000 - at * 10,
    })),
  }),
};

const ODD_NAMES = [
  "GET /\u202e/gpj.tac",
  "שלום עולם GET /users مرحبا",
  "👩‍👩‍👧‍👦🏳️‍🌈 deploy 🚀".repeat(8),
  "tab\tnew\nline\r\u0007bell\u001b[31mred",
  "nul \u0000 inside",
  "",
  " ",
  "<img src=x onerror=alert(1)>",
  `${"very long ".repeat(1000)}end`,
  "x".repeat(5000),
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
  "\ud800 half a pair",
];

/** The trace as one OTLP document. */
export function toOtlpDocument({ spans }: HostileTrace, traceId: string, originUs: number): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "hostile-app")] },
        scopeSpans: [{ scope: { name: "hostile" }, spans: spans.map((span) => toOtlpSpan(span, traceId, originUs)) }],
      },
    ],
  };
}

function toOtlpSpan(
  { id, parent, name, startUs, durationUs, kind = 1, attributes = [] }: HostileSpan,
  traceId: string,
  originUs: number,
) {
  return {
    traceId,
    spanId: hex(id, 16),
    ...(parent === undefined ? {} : { parentSpanId: hex(parent, 16) }),
    name,
    kind,
    startTimeUnixNano: `${originUs + startUs}000`,
    endTimeUnixNano: `${originUs + startUs + durationUs}000`,
    attributes,
  };
}
