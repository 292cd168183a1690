import fs from "node:fs";
import { codeOf } from "@/lib/errors";

/** A process that is told apart from a later one of the same pid. */
export type ProcessIdentity = { pid: number; start: string };

export const ownIdentity = (): ProcessIdentity => ({ pid: process.pid, start: startOf(process.pid) });

/** True while the very same process lives, not merely its number. */
export function isStillAlive({ pid, start }: ProcessIdentity): boolean {
  return startOf(pid) === start;
}

/** True while any process of this number lives. */
export function isPidAlive(pid: number): boolean {
  return startOf(pid) !== "gone";
}

/** The kernel's start time where it is readable (scripts/lock.mjs reads the same), else only "alive" or "gone". */
function startOf(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== "EPERM") return "gone";
  }
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces; after it come state, parent and eighteen more before the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "gone" : (fields[19] ?? "alive");
  } catch {
    // No /proc, or gone since it was asked for: the signal before this had found it.
    return "alive";
  }
}

/** Memory of a process and its children, shared pages counted once; 0 where the system does not tell. */
export function familyMemoryBytes(pid: number): number {
  const children = readText(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return [pid, ...children].reduce((total, member) => total + proportionalBytes(member), 0);
}

/** Memory of one process, each shared page divided by how many share it; 0 where the system does not tell. */
export function proportionalBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
