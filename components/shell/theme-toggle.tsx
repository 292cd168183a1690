"use client";

import { Contrast } from "lucide-react";
import { useTheme } from "@/components/providers/theme";
import { IconButton } from "@/components/ui/icon-button";

/** Switches between light and dark; the palette also offers "as the system". */
export function ThemeToggle() {
  const { theme, setChoice } = useTheme();
  return (
    <IconButton label="Switch between light and dark" onClick={() => setChoice(theme === "dark" ? "light" : "dark")}>
      <Contrast aria-hidden />
    </IconButton>
  );
}
