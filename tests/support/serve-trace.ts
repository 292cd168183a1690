import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A Jaeger that has one trace, in a thread of its own: what it takes to send is not the reader's. */
export type ServedTrace = { url: string; stop: () => Promise<void> };

const SERVER = `
const { parentPort, workerData } = require("node:worker_threads");
const body = Buffer.from(workerData.body);
const server = require("node:http").createServer((request, response) => {
  const isTrace = request.url.startsWith("/api/v3/traces/");
  response.writeHead(200, { "content-type": "application/json" });
  response.end(isTrace ? body : '{"summaries":[],"services":[],"operations":[]}');
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

export async function serveTrace(body: Buffer): Promise<ServedTrace> {
  const shared = new Uint8Array(new SharedArrayBuffer(body.length));
  shared.set(body);
  const worker = new Worker(SERVER, { eval: true, execArgv: [], workerData: { body: shared.buffer } });
  const [port] = (await once(worker, "message")) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await worker.terminate();
    },
  };
}
