import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { AppError, codeOf } from "@/lib/errors";
import { withoutCredentials } from "@/lib/without-credentials";
import { env } from "@/server/config/env";
import { withTrustIn } from "./git-trust";

const MAX_STDERR_CHARS = 4000;

export type GitCall = {
  args: string[];
  /** The bare clone to work in. */
  gitDir?: string;
  input?: string;
  timeoutMs: number;
  maxOutputBytes: number;
  /** The repository this call may talk to, by its own transport; none for work inside the clone. */
  url?: string;
  signal: AbortSignal;
};

/**
 * Runs git as if on a machine that knows nothing: no user or system settings, no hooks, no prompts, no helpers, one
 * transport at most. @returns its output. @throws AppError upstream_* with git's last words, credentials removed.
 */
export async function runGit(call: GitCall): Promise<Buffer> {
  return withTrustIn(call.url, (settingsFile) => runWith(settingsFile, call));
}

async function runWith(settingsFile: string, call: GitCall): Promise<Buffer> {
  const child = spawn("git", [...hardening(call), ...call.args], {
    env: gitEnvironment(settingsFile),
    cwd: tmpdir(),
    stdio: ["pipe", "pipe", "pipe"],
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]),
    killSignal: "SIGKILL",
  });
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > call.maxOutputBytes) child.kill("SIGKILL");
    else chunks.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString("utf8")).slice(-MAX_STDERR_CHARS);
  });
  // git may exit before it has read its input; the exit code says why.
  child.stdin.on("error", () => {});
  child.stdin.end(call.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).catch((cause: unknown) => {
    throw startFailure(cause, call);
  });
  if (sizeBytes > call.maxOutputBytes) throw new AppError("upstream_too_large", "git answered more than is read.");
  if (code !== 0) throw new AppError("upstream_refused", `git ${verbOf(call)} failed: ${lastWords(words)}`);
  return Buffer.concat(chunks);
}

function hardening({ gitDir, url }: GitCall): string[] {
  const protocol = url === undefined ? undefined : new URL(url).protocol.replace(":", "");
  const settings = [
    "protocol.allow=never",
    ...(protocol === undefined ? [] : [`protocol.${protocol}.allow=always`]),
    "protocol.ext.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",
    "credential.helper=",
    "gc.auto=0",
    "fetch.fsckObjects=true",
    "transfer.bundleURI=false",
  ];
  return [...settings.flatMap((setting) => ["-c", setting]), ...(gitDir === undefined ? [] : ["--git-dir", gitDir])];
}

function gitEnvironment(settingsFile: string): NodeJS.ProcessEnv {
  const { PATH, SSH_AUTH_SOCK, NODE_ENV } = env();
  return {
    NODE_ENV,
    PATH,
    LC_ALL: "C.UTF-8",
    HOME: tmpdir(),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: settingsFile,
    // A repository of somebody else must not make us fetch, by its settings, from where it says.
    GIT_NO_LAZY_FETCH: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes -oConnectTimeout=20",
    GIT_OPTIONAL_LOCKS: "0",
    ...(SSH_AUTH_SOCK === undefined ? {} : { SSH_AUTH_SOCK }),
  };
}

function startFailure(cause: unknown, call: GitCall): AppError {
  if (codeOf(cause) === "ENOENT") {
    return new AppError("unavailable", "git is not installed; runbooks of git sources cannot be read.", { cause });
  }
  const isTimeout = cause instanceof Error && cause.name === "AbortError" && !call.signal.aborted;
  const detail = isTimeout ? `git ${verbOf(call)} took longer than ${call.timeoutMs / 1000} s.` : "git was stopped.";
  return new AppError("upstream_timeout", detail, { cause });
}

function verbOf({ args }: GitCall): string {
  return args.find((arg) => !arg.startsWith("-")) ?? "";
}

function lastWords(words: string): string {
  const line = words
    .split("\n")
    .map((text) => text.trim())
    .filter((text) => /^(?:fatal|error|remote|ssh|Permission)/.test(text))
    .at(0);
  const [, place] = /dubious ownership in repository at '(.+)'/.exec(line ?? "") ?? [];
  if (place !== undefined)
    return `${place} belongs to another user. Give it to the user the console runs as, or name a clone of it.`;
  return withoutCredentials(line ?? "no reason given").slice(0, 300);
}
