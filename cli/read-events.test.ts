import { once } from "node:events";
import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { readEvents } from "./read-events";

let server: http.Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A console whose only answer is this. */
async function serve(answer: (response: ServerResponse) => void): Promise<void> {
  server = http.createServer((_request, response) => answer(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.env.PORT = String((server.address() as AddressInfo).port);
}

it("gives up when the console falls silent with the stream open", async () => {
  await serve((response) => response.write('event: snapshot\ndata: {"n":1}\n\n'));
  const heard: unknown[] = [];
  const reading = (async () => {
    for await (const event of readEvents("/api/x/events", 1500)) heard.push(event);
  })();
  await expect(reading).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("does not answer"),
  });
  expect(heard).toEqual([{ name: "snapshot", data: { n: 1 } }]);
});
