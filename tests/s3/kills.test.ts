import { describeKills } from "@/tests/integration/s3-migrations/kills-suite";
import { rcloneBinary, rcloneCheck } from "./rclone-check";
import { openVersitygwWorld } from "./start-versitygw";

describeKills("versitygw 1.8.0, posix", openVersitygwWorld, rcloneBinary === undefined ? undefined : rcloneCheck);
