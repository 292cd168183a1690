import {
  deploysQuerySchema,
  deploysReplySchema,
  reportDeploySchema,
  reportedDeploySchema,
} from "@/features/traces/contract";
import { listDeploys, reportDeploy } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Deploys that were reported or seen",
  allow: "traces.read",
  query: deploysQuerySchema,
  reply: deploysReplySchema,
  handle: async ({ query }) => ({ deploys: await listDeploys(query) }),
});

export const POST = route({
  summary: "Report a deploy",
  allow: "traces.write",
  body: reportDeploySchema,
  reply: reportedDeploySchema,
  status: 201,
  handle: async ({ body, viewer }) => ({ deploy: await reportDeploy(body, viewer) }),
});
