import type { AddressInfo } from "node:net";
import net from "node:net";

export type CuttingProxy = {
  url: string;
  /** `cut` ends what is open and refuses what comes; `hush` keeps connections but lets nothing through. */
  set: (mode: "pass" | "cut" | "hush") => void;
  stop: () => Promise<void>;
};

/** Stands between a browser and a console, as a network that breaks in one of its two ways. */
export async function startCuttingProxy(target: () => string): Promise<CuttingProxy> {
  let mode: "pass" | "cut" | "hush" = "pass";
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    if (mode === "cut") return void near.destroy();
    const { port, hostname } = new URL(target());
    const far = net.connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      if (mode === "hush") socket.pause();
      socket.on("data", (bytes) => {
        if (mode === "pass") other.write(bytes);
      });
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    set: (next) => {
      mode = next;
      if (next === "cut") for (const socket of sockets) socket.destroy();
      // Bytes swallowed meanwhile would garble what follows: a connection that was hushed never comes back.
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
