import { startLocalS3 } from "@/server/local-s3/start-local-s3";

/** The local S3 server in a process of its own, as a real one would be; ends with its parent. */
const server = await startLocalS3({ dataDir: process.argv[2] ?? "" });
process.send?.({ endpoint: server.endpoint });
process.on("disconnect", () => process.exit(0));
