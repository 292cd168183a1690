import fs from "node:fs";

/** Clock ticks a second that Linux counts by. */
const TICKS = 100;

/** CPU seconds a process has spent, in user and in kernel; 0 when it is gone. */
export function spentCpuS(pid: number | undefined): number {
  const fields = fieldsOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The same of a process, of those it has waited for, and of its living children. */
export function treeCpuS(pid: number | undefined): number {
  const fields = fieldsOf(pid);
  if (fields === undefined) return 0;
  const own = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / TICKS;
  const children = fs.readdirSync("/proc").filter((name) => fieldsOf(Number(name))?.[1] === String(pid));
  return children.reduce((sum, child) => sum + spentCpuS(Number(child)), own);
}

/** Most memory a process ever held. */
export function peakRssMb(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(pid, "status"))?.[1] ?? 0) / 1024;
}

/** What `/proc` tells behind the process's name. */
function fieldsOf(pid: number | undefined): string[] | undefined {
  const text = read(pid, "stat");
  // The name in brackets may hold spaces.
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function read(pid: number | undefined, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
