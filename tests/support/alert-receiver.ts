import http from "node:http";
import net, { type AddressInfo } from "node:net";

export type Received = { id: string; signature: string; body: string };

/** An HTTP server that takes webhooks; `answer` decides what it says to the n-th. */
export async function startWebhookReceiver(answer: (at: number) => number = () => 204) {
  const received: Received[] = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const { "ops-alert-id": id, "ops-signature": signature } = request.headers;
    received.push({ id: String(id), signature: String(signature), body });
    response.writeHead(answer(received.length - 1), { location: "http://169.254.169.254/" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An SMTP server (RFC 5321, the part a client needs) that keeps what it is sent; `isOpen` false refuses for now. */
export async function startSmtpServer() {
  const messages: { to: string[]; data: string }[] = [];
  const state = { isOpen: true };
  const server = net.createServer((socket) => serveSmtp(socket, state, messages));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    state,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function serveSmtp(socket: net.Socket, state: { isOpen: boolean }, messages: { to: string[]; data: string }[]): void {
  let text = "";
  let to: string[] = [];
  let isData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const follow = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "MAIL") say(state.isOpen ? "250 ok" : "451 try again later");
    else if (verb === "QUIT") socket.end("221 bye\r\n");
    else if (verb === "DATA") {
      isData = true;
      say("354 go on");
    } else {
      if (verb === "RCPT") to.push(line.slice("RCPT TO:".length));
      say("250 ok");
    }
  };
  socket.on("error", () => {});
  socket.on("data", (piece) => {
    text += piece.toString();
    for (;;) {
      const end = isData ? text.indexOf("\r\n.\r\n") : text.indexOf("\r\n");
      if (end < 0) return;
      const taken = text.slice(0, end);
      text = text.slice(end + (isData ? 5 : 2));
      if (isData) {
        messages.push({ to, data: taken });
        to = [];
        isData = false;
        say("250 taken");
      } else follow(taken);
    }
  });
  say("220 localhost ready");
}
