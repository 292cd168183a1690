import type { Metadata } from "next";
import { NewS3MigrationScreen } from "@/features/s3-migrations/ui/new-s3-migration-screen";

export const metadata: Metadata = { title: "New S3 migration" };

export default function NewS3MigrationPage() {
  return <NewS3MigrationScreen />;
}
