"use client";

import { ChevronDown, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { formatCount } from "@/lib/format";
import type { ViewName } from "../domain/views/trace-views";
import type { Switch, Switches } from "../domain/waterfall/fold-context";
import { FindBox, type FindBoxProps } from "./find-box";
import { ViewTabs } from "./views/view-tabs";

type TraceToolbarProps = Omit<FindBoxProps, "hasFilter"> & {
  viewName: ViewName;
  onView: (name: ViewName) => void;
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

/** Switches that say something about the view; a table is always sorted and filtered by what it is asked. */
const SWITCHES_OF: Record<ViewName, readonly Switch[]> = {
  waterfall: SWITCH_ORDER,
  flame: ["path"],
  operations: [],
  spans: [],
  raw: [],
};
/** Views that show the rest beside what a query finds, until only matches are asked for. */
const FILTERS: ReadonlySet<ViewName> = new Set(["waterfall", "flame"]);

/** Choosing the view; finding, folding and stepping through one trace. */
export function TraceToolbar({ errors, onNextError, levels, onLevels, viewName, onView, ...props }: TraceToolbarProps) {
  const { switches, onSwitch, noUsual, ...find } = props;
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-2">
      <ViewTabs onShow={onView} shown={viewName} />
      <FindBox {...find} hasFilter={FILTERS.has(viewName)} />
      <Button
        disabled={errors === 0}
        icon={<X aria-hidden className="text-bad" />}
        onClick={onNextError}
        size="sm"
        title="Next failed span (e)"
      >
        {errorText(errors)}
      </Button>
      {viewName === "waterfall" && <LevelsMenu levels={levels} onLevels={onLevels} />}
      {SWITCHES_OF[viewName].length > 0 && (
        <fieldset aria-label="Shown" className="ml-auto flex flex-wrap gap-x-3.5 max-phone:ml-0">
          {SWITCHES_OF[viewName].map((name) => (
            <ShownSwitch
              isOn={switches.has(name)}
              key={name}
              name={name}
              onSwitch={onSwitch}
              refused={name === "usual" ? noUsual : undefined}
            />
          ))}
        </fieldset>
      )}
    </div>
  );
}

type ShownSwitchProps = {
  name: Switch;
  isOn: boolean;
  /** Why it cannot be switched on. */
  refused: string | undefined;
  onSwitch: (name: Switch) => void;
};

function ShownSwitch({ name, isOn, refused, onSwitch }: ShownSwitchProps) {
  return (
    <label
      className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-2 has-disabled:text-ink-3 touch:min-h-11 ${name === "usual" ? "max-tablet:hidden" : ""}`}
      title={refused}
    >
      <input
        checked={isOn && refused === undefined}
        className="size-3.5 accent-accent touch:size-6"
        disabled={refused !== undefined}
        onChange={() => onSwitch(name)}
        type="checkbox"
      />
      {SWITCH_LABELS[name]}
    </label>
  );
}

function LevelsMenu({ levels, onLevels }: Pick<TraceToolbarProps, "levels" | "onLevels">) {
  const choices = Array.from({ length: Math.min(5, levels - 1) }, (_, at) => at + 1);
  return (
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
  );
}

/** One failed span is not the next of several. */
function errorText(errors: number): string {
  if (errors < 2) return errors === 0 ? "No errors" : "The failed span";
  return `Next of ${formatCount(errors)} errors`;
}
