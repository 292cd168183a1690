import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDoor } from "./create-door";

let server: Server;
beforeAll(async () => {
  server = createDoor(answerLikeNext, async (pathname) => pathname === "/runs/999").listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

/** What Next does where none of our code runs. */
async function answerLikeNext(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === "/api/no-such-method") response.writeHead(405).end();
  else if (request.url === "/api/failed") {
    response.statusCode = 500;
    response.setHeader("content-type", "text/plain");
    response.write("Internal ");
    response.end("Server Error");
  } else if (request.url === "/no-such-page") {
    response.statusCode = 404;
    response.setHeader("content-type", "text/html");
    response.end("<p>Not found");
  } else if (request.url?.startsWith("/runs/999")) {
    response.statusCode = 200;
    response.setHeader("content-type", "text/html");
    response.write("<p>There is no ");
    response.end("such run");
  } else response.end("served");
}

/** One request as bytes; the status, the content type and the whole answer. */
async function ask(text: string): Promise<{ status: number; type: string | undefined; body: string; head: string }> {
  const socket = net.connect((server.address() as AddressInfo).port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString();
  });
  socket.write(text);
  await once(socket, "close");
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const type = /^content-type: (.*)$/im.exec(head)?.[1];
  return { status: Number(head.split(" ")[1]), type, body, head };
}

// The port the settings name; the test listens on another.
const HOST = "host: 127.0.0.1:3000\r\n";
const request = (line: string, headers = HOST) => `${line} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`;
const UPGRADE = `GET / HTTP/1.1\r\n${HOST}connection: upgrade\r\nupgrade: websocket\r\n\r\n`;

describe("createDoor", () => {
  it.each([
    ["a path with a malformed escape", request("GET /traces/%E0%A4%A"), 400],
    ["an API path with a malformed escape", request("GET /api/%ff"), 400],
    ["a method the route does not have", request("DELETE /api/no-such-method"), 405],
    ["a method no API has", request("PROPFIND /api/traces"), 405],
    ["a write to a page", request("POST /"), 405],
    ["a failure before our code", request("GET /api/failed"), 500],
    ["an upgrade", UPGRADE, 400],
    ["a request to be a proxy", request("CONNECT evil.example:80"), 405],
    ["a header larger than any", request("GET /", `${HOST}x: ${"a".repeat(20_000)}\r\n`), 431],
    ["bytes that are no HTTP", "\x16\x03\x01\r\n\r\n", 400],
    ["two lengths", request("POST /api/runs", `${HOST}content-length: 4\r\ntransfer-encoding: chunked\r\n`), 400],
    ["no host", request("GET /", ""), 421],
  ])("refuses %s as a problem", async (_what, text, status) => {
    const answer = await ask(text);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe("application/problem+json");
    expect(JSON.parse(answer.body)).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  });

  it("says which methods a page has", async () => {
    expect((await ask(request("DELETE /traces"))).head).toMatch(/^allow: GET, HEAD$/im);
  });

  it("gives a page of something that does not exist its status, whatever Next began to send, and leaves its parts", async () => {
    const missing = await ask(request("GET /runs/999?tab=history"));
    expect(missing).toMatchObject({ status: 404, type: "text/html" });
    expect(missing.body).toMatch(/There is no/);
    expect(await ask(request("GET /runs/1"))).toMatchObject({ status: 200 });
    expect(await ask(request("GET /runs/999", `${HOST}rsc: 1\r\n`))).toMatchObject({ status: 200 });
  });

  it("leaves pages, and answers that need no help, as they are", async () => {
    expect(await ask(request("GET /no-such-page"))).toMatchObject({ status: 404, type: "text/html" });
    expect(await ask(request("GET /?q=%ff"))).toMatchObject({ status: 200, body: expect.stringContaining("served") });
  });
});
