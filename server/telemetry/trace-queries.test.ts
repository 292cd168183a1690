import { describe, expect, it } from "vitest";
import { operationOf } from "./trace-queries";

describe("operationOf", () => {
  it.each([
    ["select 1", "select"],
    ["  BEGIN", "begin"],
    ["/* sent by a pool */ update run set n = 1", "update"],
    ["with due as (select id from chunk for update) update chunk set n = (select 1)", "update"],
    [
      "with a as materialized (select ')' as delete), b as (delete from x returning *) insert into y select * from b",
      "insert",
    ],
    ["with recursive tree as (select 1) select * from tree", "select"],
    ["", "query"],
  ])("calls %j %s", (text, operation) => {
    expect(operationOf(text)).toBe(operation);
  });
});
