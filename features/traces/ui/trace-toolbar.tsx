"use client";

import { ChevronDown, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { formatCount } from "@/lib/format";
import type { Switch, Switches } from "../domain/waterfall/fold-context";
import { FindBox, type FindBoxProps } from "./find-box";

type TraceToolbarProps = FindBoxProps & {
  errors: number;
  onNextError: () => void;
  levels: number;
  onLevels: (levels: number | undefined) => void;
  switches: Switches;
  onSwitch: (name: Switch) => void;
  /** Why what is usual cannot be shown; undefined when it can. */
  noUsual: string | undefined;
};

const SWITCH_LABELS: Record<Switch, string> = {
  path: "Critical path",
  similar: "Fold similar",
  short: "Fold short",
  usual: "Usual",
};
const SWITCH_ORDER = ["path", "similar", "short", "usual"] as const;

/** Finding, folding and stepping through one trace. */
export function TraceToolbar({ errors, onNextError, levels, onLevels, ...props }: TraceToolbarProps) {
  const { switches, onSwitch, noUsual, ...find } = props;
  const choices = Array.from({ length: Math.min(5, levels - 1) }, (_, at) => at + 1);
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-2">
      <FindBox {...find} />
      <Button
        disabled={errors === 0}
        icon={<X aria-hidden className="text-bad" />}
        onClick={onNextError}
        size="sm"
        title="Next failed span (e)"
      >
        {errorText(errors)}
      </Button>
      <Menu
        align="start"
        label="Levels shown"
        trigger={
          <Button icon={<ChevronDown aria-hidden />} size="sm">
            Levels
          </Button>
        }
      >
        <MenuItem onSelect={() => onLevels(undefined)}>All levels</MenuItem>
        {choices.length > 0 && <MenuSeparator />}
        {choices.map((level) => (
          <MenuItem key={level} onSelect={() => onLevels(level)}>
            {level === 1 ? "Roots only" : `${level} levels`}
          </MenuItem>
        ))}
      </Menu>
      <fieldset aria-label="Shown" className="ml-auto flex flex-wrap gap-x-3.5 max-phone:ml-0">
        {SWITCH_ORDER.map((name) => {
          const refused = name === "usual" ? noUsual : undefined;
          return (
            <label
              className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-2 has-disabled:text-ink-3 touch:min-h-11 ${name === "usual" ? "max-tablet:hidden" : ""}`}
              key={name}
              title={refused}
            >
              <input
                checked={switches.has(name) && refused === undefined}
                className="size-3.5 accent-accent touch:size-6"
                disabled={refused !== undefined}
                onChange={() => onSwitch(name)}
                type="checkbox"
              />
              {SWITCH_LABELS[name]}
            </label>
          );
        })}
      </fieldset>
    </div>
  );
}

/** One failed span is not the next of several. */
function errorText(errors: number): string {
  if (errors < 2) return errors === 0 ? "No errors" : "The failed span";
  return `Next of ${formatCount(errors)} errors`;
}
