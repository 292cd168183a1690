/** Ctrl-C in `npm start` arrives twice at once, from the terminal and from npm: one person, one wish. */
const SAME_WISH_MS = 500;

export type StopSignal = { requested: Promise<void>; isRequested: () => boolean };

/** Listens for the first request to stop. A second one, later than by accident, calls `force` and exits. */
export function waitForStop(force: () => void): StopSignal {
  let firstAt: number | undefined;
  let resolveRequested: () => void = () => {};
  const requested = new Promise<void>((resolve) => {
    resolveRequested = resolve;
  });
  const handle = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      resolveRequested();
    } else if (performance.now() - firstAt > SAME_WISH_MS) {
      force();
      process.exit(130);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handle);
  return { requested, isRequested: () => firstAt !== undefined };
}
