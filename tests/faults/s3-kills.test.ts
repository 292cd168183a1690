import { describeKills } from "@/tests/integration/s3-migrations/kills-suite";
import { startS3World } from "@/tests/support/s3-world";

describeKills("the local server", () => startS3World());
