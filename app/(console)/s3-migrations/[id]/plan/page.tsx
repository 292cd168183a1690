import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { S3PlanScreen } from "@/features/s3-migrations/ui/s3-plan-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Plan of an S3 migration" };

export default async function S3PlanPage({ params }: PageProps<"/s3-migrations/[id]/plan">) {
  await requireForPage("s3-migrations.read");
  const asked = s3MigrationIdSchema.safeParse(await params);
  return asked.success ? <S3PlanScreen id={asked.data.id} /> : notFound();
}
