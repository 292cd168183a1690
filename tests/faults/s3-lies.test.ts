import { describeLies } from "@/tests/integration/s3-migrations/lies-suite";
import { startS3World } from "@/tests/support/s3-world";

describeLies("the local server", () => startS3World());
