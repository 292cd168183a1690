import type { Metadata } from "next";
import { S3MigrationScreen } from "@/features/s3-migrations/ui/s3-migration-screen";

export const metadata: Metadata = { title: "S3 migration" };

export default async function S3MigrationPage({ params }: PageProps<"/s3-migrations/[id]">) {
  const { id } = await params;
  return <S3MigrationScreen id={id} />;
}
