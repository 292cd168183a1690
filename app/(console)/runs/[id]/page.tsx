import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { findRun } from "@/features/runbooks/server";
import { RunScreen } from "@/features/runbooks/ui/run-screen";
import { requireForPage } from "@/server/auth/page-viewer";
import { readForPage } from "@/server/http/read-for-page";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).id}` };
}

export default async function RunPage({ params }: Props) {
  await requireForPage("runbooks.read");
  const found = await readForPage(async () => findRun((await params).id));
  return found === undefined ? notFound() : <RunScreen run={found.run} idByPath={found.idByPath} />;
}
