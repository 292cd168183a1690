import { describeCopies } from "@/tests/integration/s3-migrations/copy-suite";
import { openVersitygwWorld } from "./start-versitygw";

/** The engine itself, in this process and in workers to be killed, against a real server. */
// It tells the sum of the whole source for each part it copies: found by the first part.
describeCopies("versitygw 1.8.0, posix", openVersitygwWorld, { copiesParts: false });
