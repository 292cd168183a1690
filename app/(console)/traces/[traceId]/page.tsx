import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { preload } from "react-dom";
import { MatchingRunbooksPanel } from "@/features/runbooks/ui/matching-runbooks-panel";
import { traceIdSchema } from "@/features/traces/contract";
import { traceUrl } from "@/features/traces/queries";
import { getFirstRows } from "@/features/traces/server";
import { TraceScreen } from "@/features/traces/ui/trace-screen";
import { requireForPage } from "@/server/auth/page-viewer";
import { env } from "@/server/config/env";

export const metadata: Metadata = { title: "Trace" };

export default async function TracePage({ params, searchParams }: PageProps<"/traces/[traceId]">) {
  await requireForPage("traces.read");
  const asked = traceIdSchema.safeParse((await params).traceId);
  if (!asked.success) notFound();
  const traceId = asked.data;
  // The browser asks for the columns while it still loads the code that draws them.
  preload(traceUrl(traceId), { as: "fetch", crossOrigin: "anonymous" });
  return (
    <TraceScreen
      Runbooks={MatchingRunbooksPanel}
      firstRows={getFirstRows(traceId, await searchParams)}
      logsUrl={env().LOGS_URL}
      repositoryUrl={env().GITHUB_REPOSITORY_URL ?? null}
      traceId={traceId}
    />
  );
}
