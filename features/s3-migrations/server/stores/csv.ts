import { badManifest } from "./manifest-row";

export type CsvRecord = {
  fields: string[];
  /** Of the record's first line, from 1. */
  line: number;
};

/**
 * Records of CSV as RFC 4180 has it, streamed: quoted fields may hold commas, quotes (doubled) and line breaks; records
 * end with LF or CRLF. Empty lines are passed over. Throws `config` for a quote that never ends and for endless records.
 */
export async function* readCsv(pieces: AsyncIterable<string>, maxCharacters: number): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader();
  let isFirst = true;
  for await (const piece of pieces) {
    // A byte order mark, as spreadsheets write one, is no part of the first name.
    const text = isFirst ? piece.replace(/^\uFEFF/, "") : piece;
    isFirst &&= piece === "";
    yield* reader.push(text);
    if (reader.pendingCharacters > maxCharacters)
      throw badManifest(`line ${reader.line} never ends: is a quote missing`);
  }
  yield* reader.end();
}

class CsvReader {
  line = 1;
  #startLine = 1;
  #fields: string[] = [];
  #field = "";
  #state: "plain" | "quoted" | "after_quote" = "plain";
  #isFieldStart = true;
  /** A carriage return outside quotes: the end of a line if a line feed follows, else a character of the field. */
  #hasReturn = false;
  pendingCharacters = 0;

  *push(text: string): Generator<CsvRecord> {
    for (const character of text) {
      this.pendingCharacters += 1;
      const record = this.#state === "quoted" ? this.#quoted(character) : this.#plain(character);
      if (character === "\n") this.line += 1;
      if (record === undefined) continue;
      this.#startLine = this.line;
      this.pendingCharacters = 0;
      if (record.fields.length > 1 || record.fields[0] !== "") yield record;
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#state === "quoted") throw badManifest(`the quote opened in line ${this.#startLine} never ends`);
    if (this.#fields.length > 0 || this.#field !== "" || this.#state === "after_quote") yield this.#finish();
  }

  #quoted(character: string): undefined {
    if (character === '"') this.#state = "after_quote";
    else this.#field += character;
  }

  #plain(character: string): CsvRecord | undefined {
    if (character === '"') return this.#quote();
    if (character === ",") {
      this.#fields.push(this.#field + (this.#hasReturn ? "\r" : ""));
      this.#hasReturn = false;
      this.#field = "";
      this.#state = "plain";
      this.#isFieldStart = true;
      return undefined;
    }
    if (character === "\n") return this.#finish();
    this.#isFieldStart = false;
    this.#field += this.#hasReturn ? "\r" : "";
    this.#hasReturn = character === "\r";
    if (!this.#hasReturn) this.#field += character;
    return undefined;
  }

  #quote(): undefined {
    if (this.#state === "after_quote") this.#field += '"';
    else if (!this.#isFieldStart) {
      this.#field += '"';
      return;
    }
    this.#state = "quoted";
    this.#isFieldStart = false;
  }

  #finish(): CsvRecord {
    this.#hasReturn = false;
    const record = { fields: [...this.#fields, this.#field], line: this.#startLine };
    this.#fields = [];
    this.#field = "";
    this.#state = "plain";
    this.#isFieldStart = true;
    return record;
  }
}
