import type { ReactNode } from "react";
import { ConsoleFrameScreen } from "@/features/console/ui/console-frame-screen";
import { checkHealth } from "@/server/processes/health";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  return <ConsoleFrameScreen health={await checkHealth()}>{children}</ConsoleFrameScreen>;
}
