import { createHash } from "node:crypto";
import { type Problem, problem } from "../domain/problem";
import type { CodeOwnersFile } from "./code-owners-file";

export const MAX_FILES = 2000;
export const MAX_FILE_BYTES = 1024 * 1024;

/** One Markdown file as read from a source. `blob` is its content's id as git computes it, from any kind of source. */
export type SourceFile = {
  path: string;
  blob: string;
  text: string;
  changedAt: Date;
  changedBy: string | null;
  problems: Problem[];
};

/** Everything a source holds now. `notes` are what was left out, for people. */
export type SourceContent = {
  commit: string | null;
  files: SourceFile[];
  notes: string[];
  /** Paths of all files, of any kind; null where there are too many to know. */
  allPaths: string[] | null;
  /** Whose files are by the repository's rules; null without any. */
  codeOwners: CodeOwnersFile | null;
};

/** A source with more files is not asked whether one is there. */
export const MAX_KNOWN_FILES = 200_000;

/** Text of a file: UTF-8, or Windows-1252 with a problem. NUL, which no database text can hold, becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): { text: string; problems: Problem[] } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text: text.replaceAll("\0", "\uFFFD"), problems: [] };
  } catch {
    const text = new TextDecoder("windows-1252").decode(bytes).replaceAll("\0", "\uFFFD");
    return {
      text,
      problems: [problem("W603", 1, "The file is not UTF-8; it was read as Windows-1252. Save it as UTF-8.")],
    };
  }
}

/** A file too large to be a runbook: listed with the reason, its content left alone. */
export function oversized(sizeBytes: number): { text: string; problems: Problem[] } {
  const message = `The file has ${sizeBytes} bytes; more than ${MAX_FILE_BYTES} are not read.`;
  return { text: "", problems: [problem("E107", 1, message)] };
}

/** The id git gives to this content. */
export function blobIdOf(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

/** What a reader of a source must know about files that are there and not shown. */
export function leftOutNotes({ linkCount, fileCount }: { linkCount: number; fileCount: number }): string[] {
  const notes: string[] = [];
  if (linkCount > 0) notes.push(`${linkCount} symbolic ${linkCount === 1 ? "link was" : "links were"} not followed.`);
  if (fileCount > MAX_FILES) notes.push(`${fileCount} files; only the first ${MAX_FILES} are read.`);
  return notes;
}
