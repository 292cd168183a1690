import type { Metadata } from "next";
import { S3MigrationsScreen } from "@/features/s3-migrations/ui/s3-migrations-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "S3 migrations" };

export default async function S3MigrationsPage() {
  await requireForPage("s3-migrations.read");
  return <S3MigrationsScreen />;
}
