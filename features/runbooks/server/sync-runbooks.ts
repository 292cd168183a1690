import { createHash } from "node:crypto";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError, messageOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { log } from "@/server/log/log";
import { withSpan } from "@/server/telemetry/with-span";
import { readCodeOwners } from "../domain/code-owners";
import { mentionedFiles } from "../domain/known-files";
import type { Surroundings } from "../domain/link-target";
import { PARSER_VERSION, parseRunbook } from "../domain/parse-runbook";
import { sortProblems } from "../domain/problem";
import { assignRunbookIds, isTemplatePath, repeatedId } from "../domain/runbook-id";
import { parseSourceSpecs, type SourceSpec, toShownLocation } from "../domain/source-spec";
import { readDirectorySource } from "./directory-source";
import { readGitSource } from "./git-source";
import {
  findSignature,
  listBlobs,
  type RunbookRecord,
  saveSourceCheck,
  saveSourceContent,
  saveSources,
  withSyncLock,
} from "./runbook-sync-repository";
import type { SourceContent, SourceFile } from "./source-content";
import { surroundingsOf } from "./surroundings";

/**
 * Reads every configured source and stores what changed. A source that fails keeps what was read of it before and
 * carries the reason; the others are not held up by it. Only one process does this at a time.
 * @throws AppError invalid_input when `RUNBOOKS` names something that cannot be a source.
 */
export async function syncRunbooks(signal: AbortSignal, kinds?: ReadonlySet<SourceSpec["kind"]>): Promise<void> {
  const specs = configuredSources();
  await withSyncLock(async () => {
    await saveSources(specs.map((spec, position) => toSourceRecord(spec, position)));
    for (const spec of specs) {
      if (signal.aborted) return;
      if (kinds === undefined || kinds.has(spec.kind)) await syncSource(spec, signal);
    }
  });
}

/** The sources of `RUNBOOKS`; without it, the runbooks that come with the console. */
export function configuredSources(): SourceSpec[] {
  try {
    return parseSourceSpecs(env().RUNBOOKS ?? ["runbooks"]);
  } catch (cause) {
    throw new AppError("invalid_input", `RUNBOOKS is not usable: ${messageOf(cause)}`, { cause });
  }
}

function toSourceRecord(spec: SourceSpec, position: number) {
  const location = spec.kind === "directory" ? path.resolve(spec.directory) : toShownLocation(spec);
  return { name: spec.name, position, kind: spec.kind, location, ref: spec.kind === "git" ? spec.ref : null };
}

/** A fetch from a git server is a span; a look into a folder every few seconds would bury everybody else's traces. */
async function syncSource(spec: SourceSpec, signal: AbortSignal): Promise<void> {
  if (spec.kind === "directory") return readAndStore(spec, signal);
  const attributes = { "runbooks.source": spec.name };
  return withSpan("runbooks.sync_source", { attributes }, () => readAndStore(spec, signal));
}

async function readAndStore(spec: SourceSpec, signal: AbortSignal): Promise<void> {
  try {
    const content = spec.kind === "git" ? await readGitSource(spec, signal) : await readDirectorySource(spec, signal);
    await storeContent(spec, content);
  } catch (error) {
    if (signal.aborted) return;
    const reason = error instanceof AppError ? error.message : "The source could not be read.";
    const isNew = await saveSourceCheck(spec.name, reason);
    if (isNew) log().warn({ source: spec.name, err: error }, "a source of runbooks could not be read");
  }
}

async function storeContent(spec: SourceSpec, content: SourceContent): Promise<void> {
  const paths = content.files.map((file) => file.path);
  const signature = createHash("sha256")
    .update(JSON.stringify([PARSER_VERSION, spec.name, paths, content.notes, namedFiles(content), content.codeOwners]))
    .digest("hex");
  const isSameList = (await findSignature(spec.name)) === signature;
  const known = await listBlobs(spec.name);
  const edited = content.files.filter((file) => known.get(file.path) !== file.blob);
  const changed = isSameList ? withLinkers(content.files, edited) : content.files;
  if (isSameList && changed.length === 0) {
    await saveSourceCheck(spec.name, null);
    return;
  }
  const records = await toRecords(spec.name, content, changed);
  await saveSourceContent(spec.name, {
    commit: content.commit,
    signature,
    notes: content.notes,
    paths,
    changed: records,
  });
}

/** The files a runbook may link to: when one comes or goes, all that is said of links is found anew. */
function namedFiles({ allPaths, files }: SourceContent): string[] {
  const others = (allPaths ?? []).filter((filePath) => !/\.md$/i.test(filePath));
  return mentionedFiles(
    others,
    files.map(({ text }) => text),
  );
}

/** The files edited, and those that link to a heading of one, which may be gone. */
function withLinkers(files: SourceFile[], edited: SourceFile[]): SourceFile[] {
  const links = edited.map((file) => `${path.posix.basename(file.path)}#`);
  return files.filter((file) => edited.includes(file) || links.some((link) => file.text.includes(link)));
}

/** Parses off the request path, one file a turn, so that a thousand files hold nothing else up. */
async function toRecords(source: string, content: SourceContent, changed: SourceFile[]): Promise<RunbookRecord[]> {
  const { ids, repeated } = assignRunbookIds(source, content.files);
  const surroundings = surroundingsOf(content);
  const ownersOf = readCodeOwners(content.codeOwners?.text ?? "");
  const prefix = content.codeOwners?.prefix ?? "";
  const records: RunbookRecord[] = [];
  for (const file of changed) {
    await nextTurn();
    file.problems.push(...repeatedId(file.path, repeated));
    const about = { id: ids.get(file.path) ?? file.path, commit: content.commit, surroundings };
    records.push(toRecord(file, { ...about, codeOwners: ownersOf(prefix + file.path) }));
  }
  return records;
}

/** What is known of a file beside its text; `codeOwners` are whose it is where its front matter names nobody. */
type About = { id: string; commit: string | null; surroundings: Surroundings; codeOwners: string[] };

function toRecord(file: SourceFile, { id, commit, surroundings, codeOwners }: About): RunbookRecord {
  const parsed = parseRunbook({ path: file.path, text: file.text, ...surroundings });
  const owners = parsed.owners.length > 0 ? parsed.owners : codeOwners;
  const { tags, services, environments, alerts, operations, findings, headings, placeholders, params, care } = parsed;
  return {
    id,
    commit,
    path: file.path,
    blob: file.blob,
    text: file.text,
    changedAt: file.changedAt,
    changedBy: file.changedBy,
    title: parsed.title,
    summary: parsed.summary,
    kind: parsed.kind,
    status: parsed.status,
    isTemplate: isTemplatePath(file.path),
    stepCount: parsed.stepCount,
    parserVersion: PARSER_VERSION,
    tree: parsed.tree,
    parsed: {
      owners,
      tags,
      services,
      environments,
      alerts,
      operations,
      findings,
      headings,
      placeholders,
      params,
      care,
      problems: sortProblems([...file.problems, ...parsed.problems]),
    },
  };
}
