import { describeCopies } from "@/tests/integration/s3-migrations/copy-suite";
import { startS3World } from "@/tests/support/s3-world";
import { startVersitygw } from "./start-versitygw";

/** The engine itself, in this process and in workers to be killed, against a real server. */
describeCopies("versitygw 1.8.0, posix", async () => {
  const { target, stop } = await startVersitygw();
  process.env.AWS_ACCESS_KEY_ID = target.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = target.secretAccessKey;
  const world = await startS3World(target);
  return {
    ...world,
    stop: async () => {
      await world.stop();
      await stop();
    },
  };
});
