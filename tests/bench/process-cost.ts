import fs from "node:fs";

/** Clock ticks a second that Linux counts by. */
const TICKS = 100;

/** CPU seconds a process has spent, in user and in kernel; 0 when it is gone. */
export function spentCpuS(pid: number | undefined): number {
  const text = read(pid, "stat");
  // The name in brackets may hold spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return text === "" ? 0 : (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Most memory a process ever held. */
export function peakRssMb(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(pid, "status"))?.[1] ?? 0) / 1024;
}

function read(pid: number | undefined, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
