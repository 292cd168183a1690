/** Types a server gives when nobody told it any: no claim about the content. */
const UNTOLD: ReadonlySet<string> = new Set(["", "application/octet-stream", "binary/octet-stream"]);

/** "Image/PNG; charset=x" is image/png. */
const essence = (type: string | undefined): string => (type ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

/** Whether the destination serves a known type as another one; where the source claims nothing, nothing is wrong. */
export function differsInType(wanted: string | undefined, served: string | undefined): boolean {
  const expected = essence(wanted);
  return !UNTOLD.has(expected) && essence(served) !== expected;
}

/** Names for one and the same type; the first is what is compared. */
const SAME: readonly (readonly string[])[] = [
  ["image/jpeg", "image/jpg", "image/pjpeg"],
  ["image/x-icon", "image/vnd.microsoft.icon"],
  ["image/bmp", "image/x-ms-bmp"],
  ["audio/mpeg", "audio/mp3"],
  ["audio/wav", "audio/x-wav", "audio/vnd.wave", "audio/wave"],
  ["audio/mp4", "audio/x-m4a", "audio/m4a"],
  ["video/mp4", "video/x-m4v", "video/quicktime"],
  ["application/gzip", "application/x-gzip"],
  ["application/xml", "text/xml"],
  ["application/ogg", "audio/ogg", "video/ogg", "audio/opus"],
  ["application/javascript", "text/javascript"],
  ["font/woff", "application/font-woff"],
];
/** Formats that other formats are made of: what is inside may well have a name of its own. */
const CONTAINERS = new Set([
  "application/zip",
  "application/xml",
  "application/gzip",
  "application/x-cfb",
  "application/ogg",
]);
const MEDIA = /^(image|audio|video|font)\//;

const oneName = (type: string): string => SAME.find((names) => names.includes(type))?.[0] ?? type;

/** Whether the first bytes say something else than what was told. `application/zip` in a `.docx` says nothing else. */
export function deniesType(told: string | undefined, sniffed: string): boolean {
  const [claim, seen] = [oneName(essence(told)), oneName(essence(sniffed))];
  if (claim === seen) return false;
  if (!CONTAINERS.has(seen)) return true;
  return UNTOLD.has(claim) || (MEDIA.test(claim) && !claim.endsWith("+xml"));
}

type Chosen = { type: string; differs: boolean };

/**
 * The type to send. A type that somebody told is changed only when the plan says so; where the name of a file was all
 * there was and it said nothing, the bytes decide.
 */
export function chooseType(
  told: string | undefined,
  sniffed: string | undefined,
  { isOnlyNamed, policy }: { isOnlyNamed: boolean; policy: "as_told" | "corrected" },
): Chosen {
  const type = told ?? "binary/octet-stream";
  if (sniffed === undefined || !deniesType(told, sniffed)) return { type, differs: false };
  if (isOnlyNamed && UNTOLD.has(essence(told))) return { type: sniffed, differs: false };
  return { type: policy === "corrected" ? sniffed : type, differs: true };
}
