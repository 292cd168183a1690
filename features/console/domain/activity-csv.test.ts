import { describe, expect, it } from "vitest";
import { toActivityCsv } from "./activity-csv";

const EVENT = {
  id: 7,
  at: "2026-11-24T01:02:03.004Z",
  actor: "Asha",
  action: "run.note",
  subject: "run:1",
  detail: {},
  hash: "ab",
};

describe("toActivityCsv", () => {
  it("writes one line a row, in the order of its header", () => {
    expect(toActivityCsv("header")).toBe("id,at,actor,action,subject,detail,hash\r\n");
    expect(toActivityCsv(EVENT)).toBe("7,2026-11-24T01:02:03.004Z,Asha,run.note,run:1,{},ab\r\n");
  });

  it("keeps commas, quotes and line breaks inside their cell", () => {
    const line = toActivityCsv({ ...EVENT, subject: 'a "b",\nc', detail: { text: "x,y" } });
    expect(line).toContain('"a ""b"",\nc","{""text"":""x,y""}"');
  });

  it.each(["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])("never begins a cell like a formula: %j", (actor) => {
    expect(toActivityCsv({ ...EVENT, actor })).toContain(`,'${actor}`);
  });
});
