import type { ReactNode } from "react";
import { ConsoleFrameScreen } from "@/features/console/ui/console-frame-screen";

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return <ConsoleFrameScreen>{children}</ConsoleFrameScreen>;
}
