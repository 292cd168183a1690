import { unquote } from "./s3-xml";

export type PutResult = { etag: string; crc32: string; isAcknowledged: boolean };

/** What the answer to a write says: acknowledged by our CRC-32, or where the server tells none, by our MD5 as its ETag. */
export function acknowledged(
  headers: Record<string, string>,
  { crc32, md5 }: { crc32: string; md5: string | undefined },
): PutResult {
  const etag = unquote(headers.etag ?? "");
  const answered = headers["x-amz-checksum-crc32"];
  return { etag, crc32, isAcknowledged: answered === crc32 || (answered === undefined && etag === md5) };
}
