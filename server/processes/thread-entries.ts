type Shared = { opsThreadEntries?: Map<string, URL> };
// Told by a process's entry, read inside Next's module graphs, which do not know where the bundles are.
const shared = globalThis as typeof globalThis & Shared;

/** Says where the program of a thread is. */
export function setThreadEntry(name: string, url: URL): void {
  shared.opsThreadEntries ??= new Map();
  shared.opsThreadEntries.set(name, url);
}

/** Where the program of a thread is, if this process has threads. */
export function entryOfThread(name: string): URL | undefined {
  return shared.opsThreadEntries?.get(name);
}
