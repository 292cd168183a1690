import type { JsonCursor } from "./json-cursor";

type TextAttribute = { key: string; text: string; texts: string[] };

/** The attribute the cursor stands on, if wanted: its string value, or the strings of its array value. */
export function readAttribute(cursor: JsonCursor, isWanted: (key: string) => boolean): TextAttribute | undefined {
  let key = "";
  let isRead = false;
  const texts: string[] = [];
  cursor.openObject();
  for (let field = cursor.nextKey(); field !== undefined; field = cursor.nextKey()) {
    if (field === "key") key = cursor.readStringOrSkip();
    else if (field === "value" && isWanted(key)) {
      isRead = true;
      readTexts(cursor, texts);
    } else cursor.skipValue();
  }
  return isRead ? { key, text: texts[0] ?? "", texts } : undefined;
}

/** The `stringValue`s in a value, one level of array deep. */
function readTexts(cursor: JsonCursor, texts: string[]): void {
  if (!cursor.isObject()) {
    cursor.skipValue();
    return;
  }
  cursor.openObject();
  for (let type = cursor.nextKey(); type !== undefined; type = cursor.nextKey()) {
    if (type === "stringValue") texts.push(cursor.readStringOrSkip());
    else if (type === "arrayValue") texts.push(...readArrayTexts(cursor));
    else cursor.skipValue();
  }
}

function readArrayTexts(cursor: JsonCursor): string[] {
  const { start, end } = cursor.skipRange();
  const text = cursor.bytes.toString("utf8", start, end);
  return [...text.matchAll(/"stringValue"\s*:\s*("(?:[^"\\]|\\.)*")/g)].map(([, quoted]) => unquote(quoted ?? '""'));
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    // A broken escape: shown as it was sent.
    return quoted.slice(1, -1);
  }
}
