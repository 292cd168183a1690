import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { problemOfStatus } from "@/server/http/problem";

const DETAILS: Record<number, string> = {
  400: "The request is not valid.",
  404: "There is nothing at this address.",
  405: "The method is not possible here.",
  500: "The console failed to answer. The log has the reason.",
};

/**
 * Gives a refusal that comes without a body, or with a bare line of text, the body every other one has. Next answers so
 * where no code of ours runs: a method a route does not have, a failure before it.
 */
export function answerBareErrors(response: ServerResponse): void {
  const { writeHead, write, end } = response;
  let body: Buffer | undefined;
  const isBare = (status: number, headers: OutgoingHttpHeaders = {}) => {
    const type = headers["content-type"] ?? response.getHeader("content-type") ?? "text/plain";
    return status in DETAILS && String(type).startsWith("text/plain");
  };
  const send = (status: number, ...rest: unknown[]) => {
    const headers = rest.find((item) => typeof item === "object") as OutgoingHttpHeaders | undefined;
    if (!response.headersSent && isBare(status, headers)) {
      body = Buffer.from(JSON.stringify(problemOfStatus(status, DETAILS[status] ?? "")));
      for (const name of ["transfer-encoding", "content-encoding", "etag"]) response.removeHeader(name);
      response.setHeader("content-type", "application/problem+json");
      response.setHeader("content-length", body.length);
      response.setHeader("cache-control", "no-store");
    }
    return Reflect.apply(writeHead, response, [status, ...rest]);
  };
  const sendHeadIfBare = () => {
    if (!response.headersSent && isBare(response.statusCode)) send(response.statusCode);
  };
  Object.assign(response, {
    writeHead: send,
    write: (...args: unknown[]) => {
      sendHeadIfBare();
      return body === undefined ? Reflect.apply(write, response, args) : true;
    },
    end: (...args: unknown[]) => {
      sendHeadIfBare();
      return Reflect.apply(end, response, body === undefined ? args : [body]);
    },
  });
}
