import { sampleStatusSchema } from "@/features/sample-data/contract";
import { getSampleStatus, loadSample, removeSample } from "@/features/sample-data/server";
import { route } from "@/server/http/route";

export const GET = route({ allow: "console.read", reply: sampleStatusSchema, handle: () => getSampleStatus() });

export const POST = route({
  allow: "sample.manage",
  reply: sampleStatusSchema,
  status: 202,
  handle: ({ viewer }) => loadSample(viewer),
});

export const DELETE = route({
  allow: "sample.manage",
  reply: sampleStatusSchema,
  status: 202,
  handle: ({ viewer }) => removeSample(viewer),
});
