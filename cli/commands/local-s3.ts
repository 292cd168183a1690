import { Command } from "commander";
import { AppError } from "@/lib/errors";

/** `ops-console local-s3`: an S3 server on loopback for trying things out; its keys are printed, not secret. */
export function localS3Command(): Command {
  return new Command("local-s3")
    .description("serve S3 from a local directory, on this machine only, for samples and trials")
    .requiredOption("--data-dir <dir>", "where the buckets are kept")
    .option("--port <port>", "port on 127.0.0.1; any free one if not given", "0")
    .action(run);
}

async function run(options: { dataDir: string; port: string }): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new AppError("invalid_input", `--port ${options.port} is not a port number.`);
  const { LOCAL_S3_CREDENTIALS, startLocalS3 } = await import("@/server/local-s3/start-local-s3");
  const server = await startLocalS3({ dataDir: options.dataDir, port });
  console.log(`local S3 on ${server.endpoint}, region ${server.region}`);
  console.log(`AWS_ACCESS_KEY_ID=${LOCAL_S3_CREDENTIALS.accessKeyId}`);
  console.log(`AWS_SECRET_ACCESS_KEY=${LOCAL_S3_CREDENTIALS.secretAccessKey}`);
  await new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.stop();
}
