import { objectDetailSchema, objectParamsSchema } from "@/features/s3-migrations/contract";
import { getS3Object } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Everything known of one object",
  allow: "s3-migrations.read",
  params: objectParamsSchema,
  reply: objectDetailSchema,
  handle: ({ params }) => getS3Object(params.id, params.objectId),
});
