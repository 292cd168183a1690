import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { findRunbook } from "@/features/runbooks/server";
import { RunbookScreen } from "@/features/runbooks/ui/runbook-screen";
import { requireForPage } from "@/server/auth/page-viewer";
import { readForPage } from "@/server/http/read-for-page";

type Props = { params: Promise<{ id: string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireForPage("runbooks.read");
  return { title: (await readForPage(async () => findRunbook((await params).id)))?.title ?? "No such runbook" };
}

export default async function RunbookPage({ params }: Props) {
  await requireForPage("runbooks.read");
  const runbook = await readForPage(async () => findRunbook((await params).id));
  return runbook === undefined ? notFound() : <RunbookScreen runbook={runbook} />;
}
