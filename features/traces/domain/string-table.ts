/** Strings by number, each once. Index 0 is always "". */
export class StringTable {
  readonly strings: string[] = [""];
  readonly #indexOf = new Map<string, number>([["", 0]]);
  #characters = 0;
  readonly #maxCharacters: number;

  /** Above `maxCharacters` in total, strings not yet known become "" (index 0). */
  constructor({ maxCharacters = Number.POSITIVE_INFINITY }: { maxCharacters?: number } = {}) {
    this.#maxCharacters = maxCharacters;
  }

  indexOf(text: string): number {
    const known = this.#indexOf.get(text);
    if (known !== undefined) return known;
    if (this.#characters + text.length > this.#maxCharacters) return 0;
    this.#characters += text.length;
    // A slice of a 60 MB document would keep the document alive: spread and join make a string of its own.
    const own = [...text].join("");
    const index = this.strings.push(own) - 1;
    this.#indexOf.set(own, index);
    return index;
  }
}
