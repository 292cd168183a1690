/** Types a server gives when nobody told it any: no claim about the content. */
const UNTOLD: ReadonlySet<string> = new Set(["", "application/octet-stream", "binary/octet-stream"]);

/** "Image/PNG; charset=x" is image/png. */
const essence = (type: string | undefined): string => (type ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

/** Whether the destination serves a known type as another one; where the source claims nothing, nothing is wrong. */
export function differsInType(wanted: string | undefined, served: string | undefined): boolean {
  const expected = essence(wanted);
  return !UNTOLD.has(expected) && essence(served) !== expected;
}
