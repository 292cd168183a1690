import { describe, expect, it } from "vitest";
import { parseErrorBody, parseListPage, parseUploads } from "./s3-xml";

const page = (contents: string) => `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <IsTruncated>false</IsTruncated>
  ${contents}
</ListBucketResult>`;
const entry = (key: string, etag = "&quot;e&quot;") =>
  `<Contents><Key>${key}</Key><Size>3</Size><ETag>${etag}</ETag></Contents>`;
const keysOf = (...keys: string[]) => parseListPage(page(keys.map((key) => entry(key)).join("\n"))).objects;

describe("a listing", () => {
  it("is read alike however the server spells a quote", () => {
    const spellings = ['"e"', "&quot;e&quot;", "&#34;e&#34;", "&#x22;e&#x22;"];
    const { objects } = parseListPage(page(spellings.map((etag, at) => entry(`k${at}`, etag)).join("")));
    expect(objects.map(({ etag }) => etag)).toEqual(["e", "e", "e", "e"]);
  });

  it("keeps a key that was not percent-encoded byte for byte", () => {
    const keys = keysOf(" a &amp; b ", "tab&#x9;x", "it&#39;s", "&amp;#34;", "&amp;lt;", "1e3", "007", "&nbsp;").map(
      ({ key }) => key,
    );
    expect(keys).toEqual([" a & b ", "tab\tx", "it's", "&#34;", "&lt;", "1e3", "007", "&nbsp;"]);
  });

  it("is empty when there is nothing, and never when it is something else", () => {
    expect(parseListPage(page(""))).toEqual({ objects: [], nextToken: undefined });
    expect(() => parseListPage("<html>a proxy's page</html>")).toThrow("makes no sense");
  });
});

it("open uploads are read with their keys and times, none and one and many", () => {
  const list = (uploads: string) =>
    `<ListMultipartUploadsResult>\n<Prefix>a</Prefix>${uploads}</ListMultipartUploadsResult>`;
  const upload =
    "<Upload><Key>a &amp; b</Key><UploadId>u1</UploadId><Initiated>2026-01-02T03:04:05.000Z</Initiated></Upload>";
  const read = { key: "a & b", uploadId: "u1", initiatedMs: Date.UTC(2026, 0, 2, 3, 4, 5) };
  expect(parseUploads(list(""))).toEqual([]);
  expect(parseUploads(list(upload))).toEqual([read]);
  expect(parseUploads(list(upload + upload))).toEqual([read, read]);
});

it("an error is told from its element alone", () => {
  expect(parseErrorBody("<Error><Code>SlowDown</Code><Message>less</Message></Error>")).toEqual({
    code: "SlowDown",
    message: "less",
    requestId: "",
  });
  expect(parseErrorBody("not XML <")).toBeUndefined();
});
