"use client";

import { useTheme } from "@/components/providers/theme";
import { Segmented } from "@/components/ui/segmented";

const OPTIONS = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

/** The theme of this browser. */
export function ThemeForm() {
  const { choice, setChoice } = useTheme();
  return (
    <div className="grid justify-items-start gap-1">
      <span className="text-sm font-medium text-ink-2">Theme</span>
      <Segmented label="Theme" value={choice} onChange={setChoice} options={OPTIONS} />
    </div>
  );
}
