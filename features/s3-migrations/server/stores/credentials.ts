import { env } from "@/server/config/env";
import { StoreError } from "./store-error";

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
export type CredentialSource = () => Promise<Credentials>;

/** Fixed keys of the console's own loopback S3 server; they open nothing else. */
export const LOCAL_PROFILE = "ops-console-local";
const LOCAL: Credentials = { accessKeyId: LOCAL_PROFILE, secretAccessKey: LOCAL_PROFILE };
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Finds credentials in this process: a named profile, else AWS's variables, else whatever the SDK's chain finds (files,
 * container or instance role; refreshed by itself). `auth` when there are none: one alert, not a million failures.
 */
export function credentialSource(profile: string | undefined, endpoint: URL | undefined): CredentialSource {
  if (profile === LOCAL_PROFILE && endpoint !== undefined && LOOPBACK.has(endpoint.hostname)) return async () => LOCAL;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env();
  if (profile === undefined && AWS_ACCESS_KEY_ID !== undefined && AWS_SECRET_ACCESS_KEY !== undefined) {
    const fixed = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
    };
    return async () => fixed;
  }
  return sdkChain(profile);
}

function sdkChain(profile: string | undefined): CredentialSource {
  let chain: Promise<CredentialSource> | undefined;
  return async () => {
    try {
      chain ??= loadSdkChain(profile);
      return await (await chain)();
    } catch (cause) {
      const where = profile === undefined ? "the environment" : `the profile "${profile}"`;
      throw new StoreError({
        errorClass: "auth",
        code: "NoCredentials",
        message: `The worker finds no S3 credentials in ${where}.`,
        cause,
      });
    }
  };
}

/** The SDK is loaded only when its chain is needed: it costs a worker some 30 MB. */
async function loadSdkChain(profile: string | undefined): Promise<CredentialSource> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const region = env().AWS_REGION;
  const client = new S3Client(profile === undefined ? { region } : { region, profile });
  return () => client.config.credentials();
}
