import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type FakeSource = {
  endpoint: string;
  /** How often the listing was asked for. */
  listings: () => number;
  stop: () => Promise<void>;
};

/** A source bucket that says whatever a test wants: a listing of keys (as they stand on the wire) and sizes, and answers; `listingMs` late. */
export async function startFakeSource(
  listed: Record<string, number>,
  answer: (key: string, response: ServerResponse) => void,
  { listingMs = 0 }: { listingMs?: number } = {},
): Promise<FakeSource> {
  const entries = Object.entries(listed).map(
    ([key, size]) => `<Contents><Key>${key}</Key><Size>${size}</Size><ETag>"not-an-md5"</ETag></Contents>`,
  );
  const listing = `<ListBucketResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>${entries.join("")}</ListBucketResult>`;
  let listings = 0;
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://source");
    if (searchParams.has("list-type")) {
      listings += 1;
      setTimeout(() => response.end(listing), listingMs);
    } else answer(pathname.split("/").slice(2).join("/"), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listings: () => listings,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole of a small object, as an honest server sends it. */
export function sendWhole(response: ServerResponse, body: string): void {
  response.writeHead(200, { etag: '"not-an-md5"', "content-length": Buffer.byteLength(body) });
  response.end(body);
}
