import { describe, expect, it } from "vitest";
import { fillPlaceholders } from "./fill-placeholders";

describe("fillPlaceholders", () => {
  it("puts values where a command names them, everywhere", () => {
    const values = { bucket: "previews", "target version": "v1.2" };
    expect(fillPlaceholders("aws s3 ls s3://<bucket>/ s3://<bucket>/x", values)).toBe(
      "aws s3 ls s3://previews/ s3://previews/x",
    );
    expect(fillPlaceholders("git checkout <target version>", values)).toBe("git checkout v1.2");
  });

  it("leaves what has no value, redirections and HTML as they are", () => {
    const text = "psql <name < in.sql > out.txt <a href=x>";
    expect(fillPlaceholders(text, { bucket: "b" })).toBe(text);
    expect(fillPlaceholders("<toString>", {})).toBe("<toString>");
  });

  it("takes a value as it was typed, dollar signs and brackets included", () => {
    expect(fillPlaceholders("<a> <b>", { a: "$1 <b>", b: "$&" })).toBe("$1 <b> $&");
  });
});
