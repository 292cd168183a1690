import { startS3World } from "@/tests/support/s3-world";
import { describeCopies } from "./copy-suite";

describeCopies("the local S3 server", () => startS3World());
