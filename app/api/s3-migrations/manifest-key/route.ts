import { manifestKeyReplySchema } from "@/features/s3-migrations/contract";
import { readManifestKey } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "The public key that manifests are signed with",
  allow: "s3-migrations.read",
  reply: manifestKeyReplySchema,
  handle: () => readManifestKey(),
});
