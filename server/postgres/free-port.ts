import { randomInt } from "node:crypto";
import net from "node:net";
import { AppError } from "@/lib/errors";

const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 50;

/**
 * A TCP port of 127.0.0.1 nobody listens on at this moment. Not one of those the system gives to outgoing connections
 * (32768 and up on Linux, 49152 on macOS): between the answer and its use, such a port would soon be one's peer's.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = await probePort(randomInt(FIRST_PORT, LAST_PORT));
    if (port !== undefined) return port;
  }
  return (await probePort(0)) ?? Promise.reject(new AppError("unavailable", "No TCP port is free."));
}

/** The port, if it could be opened; 0 lets the system choose. */
function probePort(port: number): Promise<number | undefined> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const chosen = (server.address() as net.AddressInfo).port;
      server.close(() => resolve(chosen));
    });
  });
}
