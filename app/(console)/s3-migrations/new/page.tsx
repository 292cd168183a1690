import type { Metadata } from "next";
import { NewS3MigrationScreen } from "@/features/s3-migrations/ui/new-s3-migration-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "New S3 migration" };

export default async function NewS3MigrationPage() {
  await requireForPage("s3-migrations.read");
  return <NewS3MigrationScreen />;
}
