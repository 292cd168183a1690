import { describeLies } from "@/tests/integration/s3-migrations/lies-suite";
import { openVersitygwWorld } from "./start-versitygw";

describeLies("versitygw 1.8.0, posix", openVersitygwWorld);
