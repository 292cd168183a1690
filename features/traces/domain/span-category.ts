/** What kind of system a span talks to, as far as its attributes say; in the numbers of the skeleton's column. */
export const SPAN_CATEGORIES = ["other", "database", "cache", "http", "rpc", "messaging", "storage"] as const;
export type SpanCategory = (typeof SPAN_CATEGORIES)[number];

const OTHER = SPAN_CATEGORIES.indexOf("other");
const DATABASE = SPAN_CATEGORIES.indexOf("database");
const CACHE = SPAN_CATEGORIES.indexOf("cache");
const HTTP = SPAN_CATEGORIES.indexOf("http");
const RPC = SPAN_CATEGORIES.indexOf("rpc");
const MESSAGING = SPAN_CATEGORIES.indexOf("messaging");
const STORAGE = SPAN_CATEGORIES.indexOf("storage");

/**
 * Which category wins when a span carries keys of several: an Elasticsearch query travels by HTTP and is a query; S3 is
 * called by rpc over HTTP and is storage. In the order of {@link SPAN_CATEGORIES}.
 */
const PRECEDENCE = [0, 5, 6, 1, 2, 4, 7] as const;

const CACHE_SYSTEMS = new Set(["redis", "memcached", "valkey", "keydb", "dragonfly", "ehcache", "dalli"]);

/** The category a key of old or stable semantic conventions speaks for; "other" for any further key. */
export function categoryOfKey(key: string): number {
  // One character decides for nearly all keys: this runs for each attribute of 100,000 spans.
  switch (key.charCodeAt(0)) {
    case 0x64: // d
      return key.startsWith("db.") ? DATABASE : OTHER;
    case 0x68: // h
      return key.startsWith("http.") ? HTTP : OTHER;
    case 0x75: // u
      return key === "url.full" ? HTTP : OTHER;
    case 0x72: // r
      return key.startsWith("rpc.") ? RPC : OTHER;
    case 0x6d: // m
      return key.startsWith("messaging.") ? MESSAGING : OTHER;
    case 0x61: // a
      return key.startsWith("aws.s3.") ? STORAGE : OTHER;
    default:
      return OTHER;
  }
}

/** Whether the category may depend on the key's value, so that a decoder must read it. */
export function hasCategoryValue(key: string): boolean {
  return key === "db.system" || key === "db.system.name" || key === "rpc.service";
}

/** {@link categoryOfKey}, knowing the value: a database that is a cache, a remote service that is storage. */
export function categoryOfValue(key: string, value: string): number {
  if (key === "rpc.service") return value === "S3" || value.endsWith(".S3") ? STORAGE : RPC;
  return CACHE_SYSTEMS.has(value.toLowerCase()) ? CACHE : DATABASE;
}

/** The stronger of two categories. */
export function strongerCategory(a: number, b: number): number {
  return (PRECEDENCE[b] ?? 0) > (PRECEDENCE[a] ?? 0) ? b : a;
}
