/**
 * How a shell would read the text where a value is to stand: as a word of its own or part of one, inside quotes, or
 * `unknown`, where quoting could not be trusted.
 */
export type ShellContext = "bare" | "single" | "double" | "unknown";

/** A `<name>` in a command: offsets, and how the shell reads what stands there. */
export type ShellPlace = {
  start: number;
  end: number;
  name: string;
  context: ShellContext;
  /** The value would be, or begin, the name of the command that runs. */
  isCommandName: boolean;
  /** Nothing but quotes stands before it in its word. */
  beginsWord: boolean;
};

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9 _-]{0,59})>/y;
/** Expansions whose end is plain to see; any other is not followed. */
const PLAIN_EXPANSION = /\$(?:\{\w+\}|\([\w\s%+./:=,@-]*\))/y;
/** Commands that hand their words to another reader: quotes for this shell do not hold there. */
const READS_AGAIN =
  /(?:^|[\s;|&("'`/])(?:ssh|eval|(?:ba|da|z|k|a|fi)?sh|su|xargs|parallel|watch|trap|let|declare|typeset)(?=$|[\s"'])/;
/** Commands whose quoted words are programs of another language. */
const READS_QUOTED =
  /(?:^|[\s;|&("'`/])(?:psql|mysql|mariadb|sqlite3|mongosh|python[\d.]*|ruby|perl|php|node|[gm]?awk|sed|jq|yq|runner|osascript)(?=$|\s)/;
/** Words after which the next one is still the command. */
const LEADS_COMMAND = /^(?:if|then|elif|else|while|until|do|!|\{|sudo|doas|exec|time|nohup|command|env|\w+=.*)$/;

/**
 * Finds the places of known names in text for sh, bash, zsh and the like. Errs on the side of `unknown`: after a here
 * document, a nested command, arithmetic, a comment with quotes in it, anywhere in text whose quotes do not balance, and
 * in text with a command that reads its words again (ssh, eval, sh -c), inside quotes for one that runs them (psql, awk).
 */
export function findShellPlaces(text: string, isKnown: (name: string) => boolean): ShellPlace[] {
  const reader = new ShellReader(text, isKnown);
  const places = reader.read();
  if (!reader.isBalanced || READS_AGAIN.test(text)) return places.map(asUnknown);
  return READS_QUOTED.test(text)
    ? places.map((place) => (place.context === "bare" ? place : asUnknown(place)))
    : places;
}

/** The same places in text of anything else. */
export function findPlaces(text: string, isKnown: (name: string) => boolean): Omit<ShellPlace, "context">[] {
  const places = [];
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    const found = placeAt(text, at, isKnown);
    if (found !== undefined) places.push({ ...found, isCommandName: false, beginsWord: beginsWord(text, at) });
  }
  return places;
}

/** A word is a few letters of quotes away at most. */
const beginsWord = (text: string, at: number): boolean =>
  /(?:^|[\s;|&(<>=])["']*$/.test(text.slice(Math.max(0, at - 8), at));

const asUnknown = (place: ShellPlace): ShellPlace => ({ ...place, context: "unknown" });

function placeAt(text: string, at: number, isKnown: (name: string) => boolean) {
  PLACEHOLDER.lastIndex = at;
  const [whole, name] = PLACEHOLDER.exec(text) ?? [];
  return whole === undefined || name === undefined || !isKnown(name)
    ? undefined
    : { start: at, end: at + whole.length, name };
}

class ShellReader {
  readonly #text: string;
  readonly #isKnown: (name: string) => boolean;
  readonly #places: ShellPlace[] = [];
  #at = 0;
  #quote: "bare" | "single" | "double" = "bare";
  /** Reading on is guesswork. */
  #isLost = false;
  #isWordStart = true;
  #wordAt = 0;
  #isCommandStart = true;

  constructor(text: string, isKnown: (name: string) => boolean) {
    this.#text = text;
    this.#isKnown = isKnown;
  }

  get isBalanced(): boolean {
    return this.#isLost || this.#quote === "bare";
  }

  read(): ShellPlace[] {
    while (this.#at < this.#text.length) {
      const found = placeAt(this.#text, this.#at, this.#isKnown);
      if (found !== undefined) this.#addPlace(found);
      else if (this.#isLost) this.#at += 1;
      else if (this.#quote === "bare") this.#readBare();
      else this.#readQuoted();
    }
    return this.#places;
  }

  #addPlace(found: { start: number; end: number; name: string }): void {
    const before = this.#text[found.start - 1];
    // A shell evaluates the index of an array, quoted or not.
    const isIndex = !this.#isWordStart && this.#text.slice(this.#wordAt + 1, found.start).includes("[");
    const isUnclear = this.#isLost || isIndex || before === "$" || before === "\\";
    const isCommandName = this.#quote === "bare" && this.#isCommandStart;
    const context = isUnclear ? "unknown" : this.#quote;
    this.#places.push({ ...found, context, isCommandName, beginsWord: beginsWord(this.#text, found.start) });
    this.#at = found.end;
    this.#startWord(found.start);
  }

  #startWord(at: number): void {
    if (this.#isWordStart) this.#wordAt = at;
    this.#isWordStart = false;
  }

  #readBare(): void {
    const { [this.#at]: char = "", [this.#at + 1]: next = "" } = this.#text;
    if (/[\s;|&()]/.test(char)) this.#readBreak(char, next);
    else if (char === "#" && this.#isWordStart) this.#skipComment();
    else this.#readWord(char, next);
  }

  #readWord(char: string, next: string): void {
    this.#isLost = char === "`" || this.#text.startsWith("[[", this.#at) || this.#isHereDocument();
    this.#startWord(this.#at);
    if (char === "'" || char === '"') {
      this.#isLost ||= this.#text[this.#at - 1] === "$";
      this.#quote = char === "'" ? "single" : "double";
      this.#at += 1;
    } else if (this.#text.startsWith("<<<", this.#at)) this.#at += 3;
    else this.#skipEscapeOrExpansion(char, next);
  }

  #readBreak(char: string, next: string): void {
    this.#isLost = char === "(" && next === "(";
    if (char !== " " && char !== "\t") this.#isCommandStart = true;
    else if (!this.#isWordStart) this.#isCommandStart &&= LEADS_COMMAND.test(this.#text.slice(this.#wordAt, this.#at));
    this.#isWordStart = true;
    this.#at += 1;
  }

  #readQuoted(): void {
    const { [this.#at]: char = "", [this.#at + 1]: next = "" } = this.#text;
    if (char === (this.#quote === "single" ? "'" : '"')) {
      this.#quote = "bare";
      this.#at += 1;
    } else if (this.#quote === "single") this.#at += 1;
    else {
      this.#isLost = char === "`";
      this.#skipEscapeOrExpansion(char, next);
    }
  }

  #skipEscapeOrExpansion(char: string, next: string): void {
    if (char === "\\" && placeAt(this.#text, this.#at + 1, this.#isKnown) === undefined) {
      this.#at += 2;
      return;
    }
    if (char === "$" && (next === "(" || next === "{")) {
      PLAIN_EXPANSION.lastIndex = this.#at;
      const [plain] = PLAIN_EXPANSION.exec(this.#text) ?? [];
      if (plain === undefined) this.#isLost = true;
      this.#at += plain?.length ?? 1;
      return;
    }
    this.#at += 1;
  }

  /** Nothing in a comment is quoted, and a zsh at its prompt reads comments as commands. */
  #skipComment(): void {
    const end = this.#text.indexOf("\n", this.#at);
    const comment = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#isLost = /['"`\\$]/.test(comment);
    for (const place of findPlaces(comment, this.#isKnown)) {
      const [start, stop] = [place.start + this.#at, place.end + this.#at];
      this.#places.push({ ...place, start, end: stop, context: "unknown" });
    }
    this.#at += comment.length;
  }

  #isHereDocument(): boolean {
    const { [this.#at - 1]: before = "" } = this.#text;
    return before !== "<" && this.#text.startsWith("<<", this.#at) && !this.#text.startsWith("<<<", this.#at);
  }
}
