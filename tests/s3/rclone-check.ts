import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { S3World } from "@/tests/support/s3-world";

/** Set by scripts/test-go.mjs and scripts/kills.mjs where rclone was built. */
export const rcloneBinary = process.env.OPS_TEST_RCLONE_BIN;

/**
 * `rclone check` of a directory against what is below a bucket's prefix. It shares nothing with the engine: not a line, not
 * the language, not the SDK. With the bytes of both sides, as an ETag of parts is no sum of them. Throws with what rclone
 * says when they differ.
 */
export async function rcloneCheck(
  root: string,
  { endpoint }: Pick<S3World, "endpoint">,
  bucket: string,
  prefix = "",
): Promise<void> {
  const env = {
    NODE_ENV: "test" as const,
    PATH: process.env.PATH,
    RCLONE_CONFIG: "/dev/null",
    RCLONE_CONFIG_THERE_TYPE: "s3",
    RCLONE_CONFIG_THERE_PROVIDER: "Other",
    RCLONE_CONFIG_THERE_ENDPOINT: endpoint,
    RCLONE_CONFIG_THERE_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID,
    RCLONE_CONFIG_THERE_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY,
  };
  const there = `there:${bucket}${prefix === "" ? "" : `/${prefix}`}`;
  await promisify(execFile)(rcloneBinary ?? "", ["check", root, there, "--download", "--quiet"], { env });
}
