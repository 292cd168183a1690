import { S3Client } from "@aws-sdk/client-s3";
import { describeKeys } from "@/tests/integration/s3-migrations/keys-suite";
import { openVersitygwWorld } from "./start-versitygw";

describeKeys("versitygw 1.8.0, posix", {
  openWorld: openVersitygwWorld,
  sdk: ({ endpoint }) =>
    new S3Client({
      endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: {
        accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
      },
    }),
  holdsEveryKey: false,
  spellsControls: false,
});
