import { describe, expect, it } from "vitest";
import { type SpanSpec, tableOf } from "@/tests/support/skeleton-of";
import { putClocksRight } from "../put-clocks-right";
import { computeFacts } from "../trace-facts";
import { toShowText } from "./show-text";

/** GET /buy waits 461 ms, 40 of them for stock, whose server's clock is off. */
const skewedBy = (byUs: number): SpanSpec => ({
  name: "GET /buy",
  kind: "server",
  duration: 461_000,
  children: [
    {
      name: "stock",
      kind: "client",
      start: 20_000,
      duration: 40_000,
      children: [{ name: "GET /stock", service: "stock", kind: "server", start: 25_000 + byUs, duration: 30_000 }],
    },
  ],
});

const linesOf = (spec: SpanSpec): string[] => {
  const { table, services } = tableOf(spec);
  const trace = putClocksRight(table, services).skeleton;
  const facts = { ...computeFacts(trace), expectedSpanCount: null, isSettled: true };
  return toShowText({ trace, facts }, { width: 100, maxRows: 60 }).replaceAll("\u202f", " ").split("\n");
};

describe("toShowText", () => {
  it("says nothing of clocks that agree", () => {
    const [head, ...rows] = linesOf(skewedBy(0));
    expect(head).toBe("3 rows for 3 spans, 461 ms");
    expect(rows).toHaveLength(3);
    expect(rows.join()).not.toMatch(/clock|moved/);
  });

  it("tells a wrong clock as the page does, with the time the caller waited, spans where they ran", () => {
    const [head, ...rest] = linesOf(skewedBy(690_000));
    expect(head).toBe("3 rows for 3 spans, 461 ms");
    const doubt = rest.slice(0, -3).join(" ");
    expect(doubt).toMatch(
      /^! clocks differ by 690 ms: 1 span does not fit into the span that made it: it is shown moved/,
    );
    expect(rest.at(-1)).toMatch(/ 30 ms {2}\s+\(moved 690 ms earlier\) stock GET \/stock$/);
    const barOf = (line = "") => line.slice(0, 32);
    expect(barOf(rest.at(-1))).toBe(barOf(linesOf(skewedBy(0)).at(-1)));
  });

  it("tells the answer and what went on after it apart", () => {
    const late: SpanSpec = {
      name: "send mail",
      service: "mailer",
      kind: "consumer",
      start: 400_000,
      duration: 900_000,
    };
    const [head] = linesOf({ name: "GET /", kind: "server", duration: 461_000, children: [late] });
    expect(head).toBe("2 rows for 2 spans, 461 ms, work went on until 1.30 s");
  });
});
