import type { ServerResponse } from "node:http";

/**
 * What a route names its packed body by. Next removes `content-encoding` from answers (it takes every body for one that
 * fetch has already unpacked), so the name travels under this one and {@link keepBodyEncoding} gives it back.
 */
export const BODY_ENCODING_HEADER = "x-body-encoding";

/** Makes a response say `content-encoding` where a route says {@link BODY_ENCODING_HEADER}. */
export function keepBodyEncoding(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(name.toLowerCase() === BODY_ENCODING_HEADER ? "content-encoding" : name, value);
}
