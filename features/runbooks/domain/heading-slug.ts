/** Gives headings the anchors GitHub gives them, so that an author's links within and between files work here too. */
export class HeadingSlugs {
  readonly #seen = new Map<string, number>();

  /** The anchor of the next heading with this text; repeated ones are numbered. */
  next(text: string): string {
    const slug = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    const count = this.#seen.get(slug) ?? 0;
    this.#seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  }
}
