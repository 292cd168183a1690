import { sampleStatusSchema } from "@/features/sample-data/contract";
import { getSampleStatus, loadSample, removeSample } from "@/features/sample-data/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Whether sample data is loaded",
  allow: "console.read",
  reply: sampleStatusSchema,
  handle: () => getSampleStatus(),
});

export const POST = route({
  summary: "Load sample data",
  allow: "sample.manage",
  reply: sampleStatusSchema,
  status: 202,
  handle: ({ viewer }) => loadSample(viewer),
});

export const DELETE = route({
  summary: "Remove sample data",
  allow: "sample.manage",
  reply: sampleStatusSchema,
  status: 202,
  handle: ({ viewer }) => removeSample(viewer),
});
