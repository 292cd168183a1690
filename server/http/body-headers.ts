import type { ServerResponse } from "node:http";

/**
 * What a route names its packed body by. Next removes `content-encoding` from answers (it takes every body for one that
 * fetch has already unpacked), so the name travels under this one and {@link keepBodyHeaders} gives it back.
 */
export const BODY_ENCODING_HEADER = "x-body-encoding";
/**
 * What a route names its own Content-Security-Policy by. Next leaves a header alone that the response has already, and all
 * answers of the API begin with the policy that allows nothing.
 */
export const BODY_POLICY_HEADER = "x-body-policy";

const MEANT = new Map([
  [BODY_ENCODING_HEADER, "content-encoding"],
  [BODY_POLICY_HEADER, "content-security-policy"],
]);

/** Makes a response say `content-encoding` and `content-security-policy` where a route says them under their other names. */
export function keepBodyHeaders(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => setHeader(MEANT.get(name.toLowerCase()) ?? name, value);
}
