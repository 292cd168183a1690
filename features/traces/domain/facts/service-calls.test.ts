import { describe, expect, it } from "vitest";
import { SPAN_FLAGS, SPAN_KINDS } from "../trace-skeleton";
import { serviceCallsOf } from "./service-calls";

type Row = { parent: number; service: string; kind?: string; us?: number; waits?: string; isFailed?: boolean };

function columnsOf(rows: Row[]) {
  const services = [...new Set(rows.map(({ service }) => service))];
  const waits = ["", ...new Set(rows.flatMap(({ waits: wait }) => (wait === undefined ? [] : [wait])))];
  return {
    spanCount: rows.length,
    services,
    waits,
    parent: Int32Array.from(rows, ({ parent }) => parent),
    serviceIndex: Uint32Array.from(rows, ({ service }) => services.indexOf(service)),
    waitIndex: Uint32Array.from(rows, ({ waits: wait = "" }) => waits.indexOf(wait)),
    kind: Uint8Array.from(rows, ({ kind = "internal" }) => (SPAN_KINDS as readonly string[]).indexOf(kind)),
    flags: Uint8Array.from(rows, ({ isFailed }) => (isFailed ? SPAN_FLAGS.error : 0)),
    spanDurationUs: Float64Array.from(rows, ({ us = 1 }) => us),
    childCount: new Uint32Array(rows.length),
  };
}

describe("serviceCallsOf", () => {
  it("times a call as its caller saw it, and counts it as failed when either side says so", () => {
    const calls = serviceCallsOf(
      columnsOf([
        { parent: -1, service: "web" },
        { parent: 0, service: "web", kind: "client", us: 90 },
        { parent: 1, service: "billing", kind: "server", us: 70, isFailed: true },
      ]),
    );
    expect(calls).toEqual([
      { parent: "web", child: "billing", isRemote: false, callCount: 1, errorCount: 1, durationsUs: [90] },
    ]);
  });

  it("knows systems that send no spans by what their callers wait for", () => {
    const calls = serviceCallsOf(
      columnsOf([
        { parent: -1, service: "web" },
        { parent: 0, service: "web", kind: "client", us: 5, waits: "postgresql" },
        { parent: 0, service: "web", kind: "client", us: 7, waits: "postgresql" },
      ]),
    );
    expect(calls).toEqual([
      { parent: "web", child: "postgresql", isRemote: true, callCount: 2, errorCount: 0, durationsUs: [5, 7] },
    ]);
  });

  it("does not count work within one service, nor orphans", () => {
    expect(
      serviceCallsOf(
        columnsOf([
          { parent: -1, service: "web" },
          { parent: 0, service: "web" },
        ]),
      ),
    ).toEqual([]);
  });
});
