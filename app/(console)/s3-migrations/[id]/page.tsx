import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { S3MigrationScreen } from "@/features/s3-migrations/ui/s3-migration-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "S3 migration" };

export default async function S3MigrationPage({ params }: PageProps<"/s3-migrations/[id]">) {
  await requireForPage("s3-migrations.read");
  const asked = s3MigrationIdSchema.safeParse(await params);
  return asked.success ? <S3MigrationScreen id={asked.data.id} /> : notFound();
}
