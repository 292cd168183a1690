"use client";

import { SlidersHorizontal, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { formatCount } from "@/lib/format";
import { type FailuresReply, OBJECT_FILTERS } from "../../contract";
import { type Cause, EMPTY_VIEW, filtersOf, type ObjectView, printCause } from "../../domain/object-view";
import { ERROR_CLASS_WORDS } from "../migration-words";
import { ASKED_TIERS, filterWord, TIER_WORDS } from "./object-words";

type Change = (changes: Partial<ObjectView>, how?: "push" | "replace") => void;
type ObjectFiltersProps = { view: ObjectView; groups: FailuresReply["groups"]; onChange: Change };

/** A reader who types wants the list after the word, not after each letter. */
const SETTLE_MS = 300;

/** What narrows the list. On a phone all but the first stand behind a button. */
export function ObjectFilters({ view, groups, onChange }: ObjectFiltersProps) {
  const [isOpen, setOpen] = useState(false);
  const set = filtersOf(view) + (view.from === "" ? 0 : 1);
  const rest = classNames("contents", !isOpen && "max-phone:hidden");
  return (
    <search
      aria-label="Objects"
      className="grid grid-cols-3 items-end gap-x-2.5 gap-y-2 px-4 pt-1 pb-3 @5xl:grid-cols-[1.4fr_1fr_1.2fr_150px_140px_minmax(150px,1fr)] max-phone:grid-cols-[minmax(0,1fr)_auto] max-phone:px-3.5 max-phone:[&_.contents>*]:col-span-full"
    >
      <TypedField
        label="Key begins with"
        value={view.prefix}
        placeholder="uploads/project/"
        onSettle={(prefix) => onChange({ prefix }, "replace")}
        id="object-prefix"
      />
      <div className="hidden max-phone:grid">
        <Button icon={<SlidersHorizontal aria-hidden />} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {set === 0 ? "Filters" : `${set} set`}
        </Button>
      </div>
      <div className={rest}>
        <TypedField
          label="Key contains"
          value={view.search}
          placeholder="preview_15"
          onSettle={(search) => onChange({ search }, "replace")}
        />
        <TypedField
          label="From this key on"
          value={view.from}
          placeholder="uploads/project/image_preview/5"
          onSettle={(from) => onChange({ from }, "replace")}
        />
        <Choices view={view} groups={groups} onChange={onChange} />
      </div>
      {set > 0 && (
        <Button
          size="sm"
          variant="ghost"
          className="justify-self-start max-phone:col-span-full"
          icon={<X aria-hidden />}
          onClick={() => onChange(EMPTY_VIEW)}
        >
          Clear {set === 1 ? "the filter" : `${set} filters`}
        </Button>
      )}
    </search>
  );
}

function Choices({ view, groups, onChange }: ObjectFiltersProps) {
  const causes = causesOf(groups, view.cause);
  return (
    <>
      <Field label="State">
        <Select
          value={view.state ?? ""}
          onChange={(event) => onChange({ state: OBJECT_FILTERS.find((name) => name === event.target.value) })}
        >
          <option value="">Any</option>
          {OBJECT_FILTERS.map((name) => (
            <option key={name} value={name}>
              {filterWord(name)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Proof">
        <Select
          value={view.tier ?? ""}
          onChange={(event) => onChange({ tier: ASKED_TIERS.find((tier) => tier === event.target.value) })}
        >
          <option value="">Any</option>
          {ASKED_TIERS.map((tier) => (
            <option key={tier} value={tier}>
              {TIER_WORDS[tier].label}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Cause">
        <Select
          value={view.cause === undefined ? "" : printCause(view.cause)}
          disabled={causes.length === 0}
          onChange={(event) =>
            onChange({ cause: causes.find(({ cause }) => printCause(cause) === event.target.value)?.cause })
          }
        >
          <option value="">{causes.length === 0 ? "Nothing failed" : "Any"}</option>
          {causes.map(({ cause, label }) => (
            <option key={printCause(cause)} value={printCause(cause)}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}

/** The causes there are, and the chosen one even when it is no more. */
function causesOf(groups: FailuresReply["groups"], chosen: Cause | undefined): { cause: Cause; label: string }[] {
  const causes = groups.map(({ errorClass, code, objects }) => ({
    cause: { errorClass, code },
    label: `${ERROR_CLASS_WORDS[errorClass]}: ${code} (${formatCount(objects)})`,
  }));
  if (chosen === undefined || causes.some(({ cause }) => printCause(cause) === printCause(chosen))) return causes;
  return [{ cause: chosen, label: `${ERROR_CLASS_WORDS[chosen.errorClass]} ${chosen.code ?? ""}` }, ...causes];
}

type TypedFieldProps = {
  label: string;
  value: string;
  placeholder: string;
  id?: string;
  onSettle: (value: string) => void;
};

/** Text that counts when the typing pauses; a change of the address from elsewhere shows. */
function TypedField({ label, value, placeholder, id, onSettle }: TypedFieldProps) {
  const [typed, setTyped] = useState<{ text: string; of: string }>({ text: value, of: value });
  if (typed.of !== value) setTyped({ text: value, of: value });
  // Outside system: the clock.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback is no reason to begin the wait again.
  useEffect(() => {
    if (typed.text === value) return;
    const timer = setTimeout(() => onSettle(typed.text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed.text, value]);
  return (
    <Field label={label}>
      <Input
        {...(id === undefined ? {} : { id })}
        value={typed.text}
        placeholder={placeholder}
        maxLength={1024}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
        onChange={(event) => setTyped({ text: event.target.value, of: value })}
        onKeyDown={(event) => event.key === "Enter" && onSettle(typed.text)}
      />
    </Field>
  );
}
