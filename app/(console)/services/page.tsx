import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { ServicesScreen } from "@/features/traces/ui/services-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Services" };

export default async function ServicesPage() {
  await requireForPage("traces.read");
  return (
    <Suspense fallback={<LoadingCard rows={8} />}>
      <ServicesScreen />
    </Suspense>
  );
}
