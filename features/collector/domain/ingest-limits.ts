/** What one OTLP request may cost; each is there because a small request once made a large heap (docs/threats.md). */
export const MAX_WIRE_BYTES = 8 * 1024 * 1024;
export const MAX_PROTOBUF_BYTES = 20 * 1024 * 1024;
export const MAX_JSON_BYTES = 8 * 1024 * 1024;
export const MAX_OBJECTS = 200_000;
export const MAX_SPANS = 20_000;
export const MAX_ATTRIBUTES = 128;
export const MAX_VALUE_BYTES = 4096;
/** Nesting of arrays and key-value lists inside one attribute value. */
export const MAX_VALUE_DEPTH = 16;
/** Nesting of a JSON body: about eight levels of OTLP around the deepest value, three levels per value. */
export const MAX_JSON_DEPTH = 64;
