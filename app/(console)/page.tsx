import type { Metadata } from "next";
import { readConnection } from "@/features/console/server";
import { OverviewScreen } from "@/features/console/ui/overview-screen";

export const metadata: Metadata = { title: "Overview" };

export default function OverviewPage() {
  return <OverviewScreen connection={readConnection()} />;
}
