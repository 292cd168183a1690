// A lock between processes of one machine: a file naming its holder, ignored once the holder is gone.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;

/** Runs `work` while holding `file`; waits for another holder first. */
export async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let isToldAboutIt = false; !tryLock(file); await delay(POLL_MS)) {
    if (!isToldAboutIt) console.log(`Waiting for another build (pid ${heldBy(file) ?? "just ended"}) ...`);
    isToldAboutIt = true;
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** The pid of the live process that holds `file`, else `undefined`. */
export function heldBy(file) {
  const holder = read(file);
  return holder !== undefined && startOf(holder.pid) === holder.start ? holder.pid : undefined;
}

function tryLock(file) {
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
  try {
    // A hard link appears whole or not at all: nobody ever reads a half-written lock.
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (heldBy(file) === undefined) fs.rmSync(file, { force: true });
    return false;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Something that differs when a pid is used again: the kernel's start time where it is readable, else "alive". */
function startOf(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return "gone";
  }
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "gone" : (fields[19] ?? "alive");
  } catch {
    return "alive";
  }
}
