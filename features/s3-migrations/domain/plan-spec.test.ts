import { describe, expect, it } from "vitest";
import { destinationSchema } from "./plan-spec";

const HOSTILE: [string, object][] = [
  ["a secret in the address", { endpoint: "http://key:secret@127.0.0.1:9000" }],
  ["a signed address", { endpoint: "http://127.0.0.1:9000/?X-Amz-Signature=abc" }],
  ["a fragment", { endpoint: "http://127.0.0.1:9000/#x" }],
  ["another protocol", { endpoint: "file:///etc/passwd" }],
  ["dot segments", { prefix: "a/../b/" }],
  ["half of a surrogate pair", { prefix: "\ud800" }],
  ["a host as region", { region: "evil.example/" }],
  ["a header in the region", { region: "us\r\nx: y" }],
  ["a control character in the profile", { profile: "a\nb" }],
  ["a bucket with two dots", { bucket: "a..b" }],
  ["a bucket that is an address", { bucket: "10.0.0.1" }],
];

describe("destinationSchema", () => {
  it.each(HOSTILE)("refuses %s by the name of its field", (_what, field) => {
    const result = destinationSchema.safeParse({ kind: "s3", bucket: "bucket", ...field });
    expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual(Object.keys(field));
  });

  it("takes an address with a path, and a prefix of any other text", () => {
    const plan = { kind: "s3", bucket: "my.bucket-1", prefix: "Ü +%2F//…/", endpoint: "https://s3.example:8443/base" };
    expect(destinationSchema.parse(plan)).toEqual(plan);
  });
});
