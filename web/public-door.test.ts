import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addSettings } from "@/server/config/env";
import { createDoor } from "./create-door";

let server: Server;
let port: number;
let seen: Record<string, string | string[] | undefined> = {};

beforeAll(async () => {
  addSettings({ OPS_AUTH: "password", OPS_PUBLIC_ORIGIN: "https://ops.example.com", OPS_TRUSTED_PROXIES: "127.0.0.1" });
  server = createDoor(
    async ({ headers }, response) => {
      seen = headers;
      response.end("served");
    },
    async () => false,
    async (_request, pathname) => pathname === "/runs",
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

// fetch sets its own Host; a proxy passes on what people open.
async function ask(path: string, headers: Record<string, string> = {}) {
  const { request } = await import("node:http");
  const asked = request({ port, path, headers: { host: "ops.example.com", ...headers } }).end();
  const [response] = await once(asked, "response");
  response.resume();
  return response as { statusCode: number; headers: Record<string, string | undefined> };
}

describe("the door of a console on a network", () => {
  it.each(["/", "/_next/static/a.js", "/api/health", "/runs", "//evil"])(
    "puts every guarding header on %s",
    async (path) => {
      const { headers } = await ask(path);
      expect(headers).toMatchObject({
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["x-powered-by"]).toBeUndefined();
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    },
  );

  it("answers under its public name and no other (DNS rebinding)", async () => {
    expect((await ask("/")).statusCode).toBe(200);
    expect((await ask("/", { host: "evil.example" })).statusCode).toBe(421);
  });

  it("says itself who asks: what a proxy or a person writes of it goes no further", async () => {
    await ask("/", {
      "x-forwarded-for": "1.1.1.1, 203.0.113.9",
      "x-forwarded-host": "evil",
      "x-ops-client": "10.0.0.1",
    });
    expect(seen["x-ops-client"]).toBe("203.0.113.9");
    expect([seen["x-forwarded-for"], seen["x-forwarded-host"]]).toEqual([undefined, undefined]);
  });

  it("sends who has no session to the sign-in, with the way back", async () => {
    const { statusCode, headers } = await ask("/runs?status=active");
    expect([statusCode, headers.location]).toEqual([303, "/sign-in?to=%2Fruns%3Fstatus%3Dactive"]);
  });
});
