import { describe, expect, it } from "vitest";
import { decodeSpan } from "./decode-span";
import { encodeTraces } from "./encode-traces";
import { groupTrace } from "./trace-groups";

type Sent = { service: string; id: string; parent?: string; kind: number; name: string };

const id = (number: string) => number.padStart(16, "0");

/** Name → id and parent, after the spans were joined to a trace. */
function joined(sent: readonly Sent[]): Record<string, [string, string | undefined]> {
  const pieces = sent.map(({ service, id: spanId, parent, kind, name }) =>
    encodeTraces({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: id("1").padStart(32, "0"),
                  spanId: id(spanId),
                  ...(parent === undefined ? {} : { parentSpanId: id(parent) }),
                  name,
                  kind,
                  attributes: [{ key: "k", value: { stringValue: name } }],
                },
              ],
            },
          ],
        },
      ],
    }),
  );
  const spans = groupTrace(pieces).flatMap(({ scopes }) => scopes.flatMap((scope) => scope.spans.map(decodeSpan)));
  return Object.fromEntries(spans.map((span) => [span.name, [span.spanId, span.parentSpanId]]));
}

const ROOT = { service: "web", id: "a", kind: 2, name: "root" };
const CLIENT = { service: "web", id: "b", parent: "a", kind: 3, name: "client" };
const SERVER = { service: "api", id: "b", parent: "a", kind: 2, name: "server" };
const BELOW = { service: "api", id: "c", parent: "b", kind: 1, name: "below" };

describe("separateSharedIds", () => {
  it("puts the server's side of a call under the client's, and what was below it under the server's", () => {
    expect(joined([ROOT, CLIENT, SERVER, BELOW])).toEqual({
      root: [id("a"), undefined],
      client: [id("b"), id("a")],
      server: [id("1"), id("b")],
      below: [id("c"), id("1")],
    });
  });

  it("takes the smallest ids that are free, in the order of the spans", () => {
    const other = { service: "db", id: "2", parent: "a", name: "other" };
    const spans = [ROOT, CLIENT, SERVER, { ...other, kind: 3, name: "other client" }, { ...other, kind: 2 }];
    expect(joined([...spans, { ...BELOW, id: "1" }])).toMatchObject({
      server: [id("3"), id("b")],
      "other client": [id("2"), id("a")],
      other: [id("4"), id("2")],
      below: [id("1"), id("3")],
    });
  });

  it("leaves spans that share an id in any other way as they are", () => {
    const twice = [ROOT, SERVER, { ...SERVER, name: "again" }];
    expect(joined(twice)).toMatchObject({ server: [id("b"), id("a")], again: [id("b"), id("a")] });
  });
});
