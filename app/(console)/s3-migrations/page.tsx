import type { Metadata } from "next";
import { S3MigrationsScreen } from "@/features/s3-migrations/ui/s3-migrations-screen";

export const metadata: Metadata = { title: "S3 migrations" };

export default function S3MigrationsPage() {
  return <S3MigrationsScreen />;
}
