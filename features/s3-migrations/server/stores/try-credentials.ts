import { env } from "@/server/config/env";
import { credentialSource } from "./credentials";

/** An instance's metadata service answers in milliseconds where there is one, and never elsewhere. */
const TIMEOUT_MS = 3000;

/** Whether the worker would find S3 credentials as this process's environment is, looked for as the worker does. */
export async function tryS3Credentials(): Promise<{ isFound: boolean; where: string }> {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = env();
  const hasKeys = AWS_ACCESS_KEY_ID !== undefined && AWS_SECRET_ACCESS_KEY !== undefined;
  const where = hasKeys
    ? "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    : AWS_PROFILE === undefined
      ? "AWS's variables, files and roles"
      : `the profile "${AWS_PROFILE}"`;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS, false);
  });
  const found = credentialSource(hasKeys ? undefined : AWS_PROFILE, undefined)().then(
    () => true,
    () => false,
  );
  const isFound = await Promise.race([found, late]);
  clearTimeout(timer);
  return { isFound, where };
}
