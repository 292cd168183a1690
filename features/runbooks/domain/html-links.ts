import type { Html } from "mdast";
import type { Place } from "./problem";
import { placeIn, tagsOf } from "./rendering/raw-html";

/** A link or picture written as HTML, and where. */
export type HtmlLink = { kind: "link" | "image"; url: string; at: Place };

/** The targets of `<a href>` and `<img src>` in a piece of HTML. */
export function htmlLinksOf(html: Html): HtmlLink[] {
  return tagsOf(html).flatMap(({ name, text, at, isClosing }): HtmlLink[] => {
    const kind = name === "a" ? "link" : name === "img" ? "image" : undefined;
    if (kind === undefined || isClosing) return [];
    const shape =
      kind === "link"
        ? /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i
        : /\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;
    const found = shape.exec(text);
    if (found === null) return [];
    return [{ kind, url: found.slice(1).join("").replaceAll("&amp;", "&"), at: placeIn(html, at) }];
  });
}
