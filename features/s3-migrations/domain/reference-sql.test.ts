import { describe, expect, it } from "vitest";
import { movedRow, recordIdOf, sqlText } from "./reference-sql";

const carrierwave = { kind: "carrierwave" as const, path: "/p", storeDir: "uploads" };
const paperclip = { kind: "paperclip" as const, path: "/p", storeDir: "system" };

describe("sqlText", () => {
  it("escapes quotes, backslashes and control characters, and nothing else", () => {
    expect(sqlText("plain %_$1 é 😀")).toBe("'plain %_$1 é 😀'");
    expect(sqlText("it's")).toBe("'it''s'");
    expect(sqlText("a\\'b\n;--")).toBe("E'a\\\\''b\\u000a;--'");
    expect(sqlText(null)).toBe("NULL");
  });
});

describe("recordIdOf", () => {
  it("finds the record in CarrierWave's directories, of the named attachment only", () => {
    expect(recordIdOf("uploads/project/image_preview/48213/a.png", "project/image_preview", carrierwave)).toBe("48213");
    expect(recordIdOf("uploads/project/other/1/a.png", "project/image_preview", carrierwave)).toBeUndefined();
  });

  it("reads Paperclip's digits, of originals only", () => {
    const at = (style: string) => `system/users/pictures/000/012/345/${style}/me.png`;
    expect(recordIdOf(at("original"), "users/pictures", paperclip)).toBe("12345");
    expect(recordIdOf(at("thumb"), "users/pictures", paperclip)).toBeUndefined();
  });
});

describe("movedRow", () => {
  it("writes an MD5 as Rails does, and NULL where nobody knows it", () => {
    const references = { kind: "attach", from: "a/b", recordType: "A", name: "b", service: "s3" } as const;
    const object = { sourceKey: "uploads/a/b/1/x", storedKey: "x", sizeBytes: 3, contentType: "t/t" };
    const md5 = "9e107d9d372bb6826bd81d3542a419d6";
    expect(movedRow(references, { ...object, md5 }, carrierwave)).toBe(
      "('x', 'x', 't/t', '3', 'nhB9nTcrtoJr2B01QqQZ1g==', '1')",
    );
    expect(movedRow(references, { ...object, md5: null }, carrierwave)).toContain("NULL");
  });
});
