import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Checker, describeKills } from "@/tests/integration/s3-migrations/kills-suite";
import { openVersitygwWorld } from "./start-versitygw";

const rclone = process.env.OPS_TEST_RCLONE_BIN;

/** `rclone check` shares nothing with the engine: not a line, not the language, not the SDK. */
const rcloneCheck: Checker = async (root, { endpoint }, bucket) => {
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
  // With the bytes of both sides: an ETag of parts is no sum of them.
  await promisify(execFile)(rclone ?? "", ["check", root, `there:${bucket}`, "--download", "--quiet"], { env });
};

describeKills("versitygw 1.8.0, posix", openVersitygwWorld, rclone === undefined ? undefined : rcloneCheck);
