import { XMLParser } from "fast-xml-parser";
import { S3Error } from "./s3-error";

/** One element: its name and its text, or its children. */
export type XmlNode = [name: string, content: string | number | boolean | XmlNode[]];

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

// XML 1.0 has no spelling for most control characters: S3 sends them as numeric references all the same.
function escapeText(text: string): string {
  return text.replace(/[&<>"\r\p{Cc}]/gu, (char) =>
    char === "\n" || char === "\t" ? char : (ESCAPES[char] ?? `&#${char.codePointAt(0)};`),
  );
}

function writeNode([name, content]: XmlNode): string {
  const inner = Array.isArray(content) ? content.map(writeNode).join("") : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A whole reply document in S3's namespace; errors carry none, as at AWS. */
export function xmlDocument(root: string, children: XmlNode[]): string {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${children.map(writeNode).join("")}</${root}>`;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === "Object" || name === "Part",
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 4_000_000 },
  htmlEntities: true,
});

/** Parses a request document; text stays text. Throws MalformedXML. */
export function parseXml(text: string): unknown {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw malformed();
  try {
    return parser.parse(text, true);
  } catch {
    throw malformed();
  }
}

export function malformed(): S3Error {
  return new S3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema.",
  );
}
