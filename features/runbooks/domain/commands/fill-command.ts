import { findPlaces, findShellPlaces, type ShellContext, type ShellPlace } from "./shell-places";
import { findUnseen } from "./visible-text";

/** A stretch of a filled command; `name` says whose value it is, `isLeftOut` that the placeholder still stands there. */
export type CommandPart = { text: string; start: number; end: number; name?: string; isLeftOut?: boolean };
/** Something to look at before a command is run. */
export type Doubt = { name: string; value: string; reason: string; isLeftOut: boolean };
/** `parts` make up `text`; their offsets are those of the command with its placeholders. */
export type FilledCommand = { text: string; parts: CommandPart[]; doubts: Doubt[] };

/** Read by nobody but people. */
const WORDS = new Set(["text", "txt", "plain", "plaintext", "md", "markdown"]);
/** Blocks without a language are mostly commands, so that they are held to be. */
const SHELLS = new Set([
  "",
  "sh",
  "bash",
  "zsh",
  "ksh",
  "dash",
  "shell",
  "console",
  "shell-session",
  "shellsession",
  "terminal",
]);
/** Means itself wherever a shell reads it; the first character begins no option, file of arguments or expansion. */
const PLAIN = /^[A-Za-z0-9_./][A-Za-z0-9._:/@%+=,-]*$/;
/** Doubtful, if at all, for what the command makes of it: quotes would change nothing. */
const QUOTES_NOTHING = /^[A-Za-z0-9._:/@%+=,-]+$/;
const LEADS_UP = /(?:^|\/)\.\.(?:\/|$)/;

/**
 * Puts the values of a run where a command says `<name>`, in one pass. Promises:
 * without doubts, no value has a character that a shell acts on, none can be taken for an option, a way out of a
 * folder or the command itself; with doubts, a value is quoted for where it stands, or left out (`<name>` stays) where
 * quoting cannot be trusted; a value with a line break or an unseen character is left out everywhere.
 */
export function fillCommand(
  text: string,
  language: string | undefined,
  values: Readonly<Record<string, string>>,
): FilledCommand {
  const isKnown = (name: string) => Object.hasOwn(values, name) && values[name] !== "";
  const reader = readerOf(language);
  const places = reader === "shell" ? findShellPlaces(text, isKnown) : findPlaces(text, isKnown);
  const parts: CommandPart[] = [];
  const doubts: Doubt[] = [];
  let from = 0;
  for (const place of places) {
    const { start, end, name } = place;
    const value = values[name] ?? "";
    const { filled, doubt } = fillPlace(place, value, reader);
    if (doubt !== undefined) doubts.push({ name, value, ...explain(doubt, filled, value) });
    parts.push({ text: text.slice(from, start), start: from, end: start });
    if (filled === undefined) parts.push({ text: text.slice(start, end), start, end, name, isLeftOut: true });
    else parts.push({ text: filled, start, end, name });
    from = end;
  }
  parts.push({ text: text.slice(from), start: from, end: text.length });
  return {
    text: parts.map((part) => part.text).join(""),
    parts: parts.filter((part) => part.text !== ""),
    doubts: unique(doubts),
  };
}

type Reader = "shell" | "people" | "program";
type Place = Omit<ShellPlace, "context"> & { context?: ShellContext };

function readerOf(language = ""): Reader {
  const name = language.toLowerCase();
  return SHELLS.has(name) ? "shell" : WORDS.has(name) ? "people" : "program";
}

function fillPlace(
  place: Place,
  value: string,
  reader: Reader,
): { filled: string | undefined; doubt: string | undefined } {
  const unseen = findUnseen(value);
  if (unseen !== undefined) return { filled: undefined, doubt: unseen };
  if (reader === "people") return { filled: value, doubt: undefined };
  const doubt = doubtOf(value, place);
  if (place.context === undefined || QUOTES_NOTHING.test(value)) return { filled: value, doubt };
  return { filled: quote(value, place.context), doubt };
}

function doubtOf(value: string, { isCommandName, beginsWord }: Place): string | undefined {
  if (/^[-+@=]/.test(value)) return `begins with ${value[0]}, which a command may take for an option or a file`;
  if (LEADS_UP.test(value)) return "has “..”, which leads out of a folder";
  if (/^[./]+$/.test(value)) return "names a folder rather than something in it";
  if (value.startsWith("/") && beginsWord) return "is a path of its own from the root";
  if (isCommandName) return "stands where the name of a command stands";
  return PLAIN.test(value) ? undefined : "has characters that a program may act on";
}

/** Undefined where no quoting can be trusted. */
function quote(value: string, context: ShellContext): string | undefined {
  const inSingle = value.replaceAll("'", "'\\''");
  switch (context) {
    case "bare":
      return `'${inSingle}'`;
    case "single":
      return inSingle;
    case "double":
      // At a prompt an exclamation mark is replaced inside double quotes, and no escape takes that back.
      return /["\\$`!]/.test(value) ? `"'${inSingle}'"` : value;
    case "unknown":
      return undefined;
  }
}

function explain(doubt: string, filled: string | undefined, value: string): Pick<Doubt, "reason" | "isLeftOut"> {
  if (filled === undefined) return { reason: `${doubt}, and is left out here`, isLeftOut: true };
  return { reason: filled === value ? doubt : `${doubt}, and is quoted here`, isLeftOut: false };
}

/** A value that stands in two places is told once, the worse of them. */
function unique(doubts: readonly Doubt[]): Doubt[] {
  const byName = new Map<string, Doubt>();
  for (const doubt of doubts) if (doubt.isLeftOut || !byName.has(doubt.name)) byName.set(doubt.name, doubt);
  return [...byName.values()];
}
