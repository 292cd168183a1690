import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "./csv";
import { activeStorageLayout, carrierwaveLayout, paperclipLayout } from "./layout";
import { readManifestFile } from "./manifest-file";
import type { ManifestRow } from "./manifest-row";

const dir = mkdtempSync(path.join(os.tmpdir(), "ops-manifest-"));
const never = new AbortController().signal;
type Format = "csv" | "jsonl" | "s3_inventory";

async function rowsOf(format: Format, content: string | Buffer, name = `m.${format}`): Promise<ManifestRow[]> {
  const file = path.join(dir, name);
  writeFileSync(file, content);
  const rows: ManifestRow[] = [];
  for await (const row of readManifestFile({ from: "file", path: file, format }, never)) rows.push(row);
  return rows;
}

async function recordsOf(pieces: string[]): Promise<string[][]> {
  const records: string[][] = [];
  for await (const { fields } of readCsv(
    (async function* () {
      yield* pieces;
    })(),
    1000,
  ))
    records.push(fields);
  return records;
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe("readCsv", () => {
  it("gives back what was written, however the text is cut into pieces", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "é", "😀", " ") });
    const record = fc
      .array(field, { minLength: 1, maxLength: 4 })
      .filter((fields) => fields.length > 1 || fields[0] !== "");
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), async (records, size) => {
        const text = records.map((fields) => fields.map(quoted).join(",")).join("\r\n");
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        );
        // A piece may end in half of a character; a decoder never gives such pieces.
        const whole = pieces.every((piece) => piece.isWellFormed()) ? pieces : [text];
        expect(await recordsOf(whole)).toEqual(records);
      }),
    );
  });

  it("refuses a quote that never ends", async () => {
    await expect(recordsOf(['a,"b', "\nc\n"])).rejects.toThrow("Quote Not Closed");
    await expect(recordsOf([`"${"x".repeat(2000)}`])).rejects.toThrow("1000");
  });
});

describe("a manifest file", () => {
  const md5 = "9e107d9d372bb6826bd81d3542a419d6";
  const base64 = Buffer.from(md5, "hex").toString("base64");

  it("is read as CSV by the names of its columns, in any order, packed or not", async () => {
    const text = `\uFEFFContent_Type,checksum,key,byte_size,filename\r\nimage/png,${base64},abc,12,"a, b.png"\r\n,,"d\ne",,\r\n`;
    const expected = [{ key: "abc", expected: { sizeBytes: 12, md5, contentType: "image/png" } }, { key: "d\ne" }];
    expect(await rowsOf("csv", text)).toEqual(expected);
    expect(await rowsOf("csv", gzipSync(text), "m.csv.gz")).toEqual(expected);
  });

  it("is read as JSON lines", async () => {
    const text = `{"key":"a","destination":"b","size":0,"md5":"${md5.toUpperCase()}"}\n\n{"key":"c","size":null}`;
    expect(await rowsOf("jsonl", text)).toEqual([
      { key: "a", destinationKey: "b", expected: { sizeBytes: 0, md5 } },
      { key: "c" },
    ]);
  });

  it("is read as S3 Inventory: files beside it, names decoded, old versions passed over", async () => {
    const data = [
      '"b","a+b%2Fc%25.png","12","true","false"',
      '"b","old","1","false","false"',
      '"b","gone","","true","true"',
    ];
    writeFileSync(path.join(dir, "part-1.csv.gz"), gzipSync(`${data.join("\n")}\n`));
    const manifest = {
      fileFormat: "CSV",
      fileSchema: "Bucket, Key, Size, IsLatest, IsDeleteMarker",
      files: [{ key: "inventory/b/data/part-1.csv.gz" }],
    };
    expect(await rowsOf("s3_inventory", JSON.stringify(manifest))).toEqual([
      { key: "a b/c%.png", expected: { sizeBytes: 12 } },
    ]);
    manifest.files[0] = { key: "data/missing.csv.gz" };
    await expect(rowsOf("s3_inventory", JSON.stringify(manifest))).rejects.toThrow("missing.csv.gz is not beside it");
  });

  it.each<[string, Format, string | Buffer, string]>([
    ["an empty file", "csv", "", "without even a header"],
    ["no key column", "csv", "name,size\na,1\n", 'no column "key"'],
    ["a short line", "csv", "key,size\na,1\nb\n", "line 3 has 1 fields, the header 2"],
    ["a size that is none", "csv", "key,size\na,-1\n", "line 2 has the size"],
    ["a checksum that is none", "csv", "key,md5\na,abc\n", "no MD5"],
    ["an empty key", "csv", "key,size\n,1\n", "line 2 names no key"],
    ["a header in the content type", "jsonl", '{"key":"a","content_type":"x\\r\\ny: z"}', "no header can carry"],
    ["a line that is no JSON", "jsonl", '{"key":"a"}\n{"key":', "line 2 is no JSON object"],
    ["bytes that are no UTF-8", "csv", Buffer.from([0x6b, 0x65, 0x79, 0x0a, 0xff, 0x0a]), "as UTF-8"],
    ["a cut-off archive", "csv", gzipSync("key\na\n").subarray(0, 12), "to its end"],
    ["ORC", "s3_inventory", '{"fileFormat":"ORC","fileSchema":"","files":[]}', "only CSV is read"],
  ])("with %s is refused, never cut short", async (what, format, content, sentence) => {
    const name = what.includes("archive") ? "cut.csv.gz" : `bad.${format}`;
    await expect(rowsOf(format, content, name)).rejects.toThrow(sentence);
  });
});

describe("layouts", () => {
  it("tell CarrierWave's files from its cache and from strangers", () => {
    const { judge } = carrierwaveLayout("uploads");
    expect(judge("uploads/project/image_preview/7/preview.jpeg")).toBe("uploads/project/image_preview/7/preview.jpeg");
    expect(judge("uploads/admin/user/avatar/7/thumb_a.png")).toBe("uploads/admin/user/avatar/7/thumb_a.png");
    expect(judge("uploads/tmp/1593-1/a.png")).toMatchObject({ code: "NotInLayout" });
    expect(judge("uploads/robots.txt")).toMatchObject({ code: "NotInLayout" });
  });

  it("tell Paperclip's files by their partitioned ids", () => {
    const { judge } = paperclipLayout("system");
    const good = "system/users/profile_pictures/000/012/345/original/me.png";
    expect(judge(good)).toBe(good);
    expect(judge("system/users/profile_pictures/12345/original/me.png")).toMatchObject({ code: "NotInLayout" });
  });

  it("turn Active Storage's paths into keys and back, variants too", () => {
    const { judge, toPath } = activeStorageLayout;
    for (const key of ["abcd1234efgh", "variants/abcd/ffff0000"]) expect(judge(toPath(key))).toBe(key);
    expect(judge("ab/xx/abcd1234")).toMatchObject({ code: "NotInLayout" });
    expect(judge(".keep")).toMatchObject({ code: "NotInLayout" });
  });
});
