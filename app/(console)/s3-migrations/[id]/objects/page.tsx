import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { S3ObjectsScreen } from "@/features/s3-migrations/ui/s3-objects-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Objects of an S3 migration" };

export default async function S3ObjectsPage({ params }: PageProps<"/s3-migrations/[id]/objects">) {
  await requireForPage("s3-migrations.read");
  const asked = s3MigrationIdSchema.safeParse(await params);
  return asked.success ? <S3ObjectsScreen id={asked.data.id} /> : notFound();
}
