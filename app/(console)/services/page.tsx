import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { ServicesScreen } from "@/features/traces/ui/services-screen";

export const metadata: Metadata = { title: "Services" };

export default function ServicesPage() {
  return (
    <Suspense fallback={<LoadingCard rows={8} />}>
      <ServicesScreen />
    </Suspense>
  );
}
