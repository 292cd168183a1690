"use client";

import { useQuery } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import { type FormEvent, type RefObject, useState } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { formatCount } from "@/lib/format";
import { SEARCH_LIMITS } from "../../contract";
import { parseQueryLine } from "../../domain/query/parse-query-line";
import { parseSearchForm, type SearchFormField } from "../../domain/search-form";
import { formOfLine, lineOfCriteria } from "../../domain/search-view/form-line";
import { withoutField, withTerms } from "../../domain/search-view/line-terms";
import type { SearchView } from "../../domain/search-view/search-address";
import { operationsQuery, servicesQuery } from "../../queries";

const LIMITS = [20, 100, 200, 500, SEARCH_LIMITS.max];
const MATCHES = [
  { value: "traces", label: "Whole traces" },
  { value: "spans", label: "Single spans" },
] as const;
const MEANING = {
  traces:
    "Jaeger compares durations with single spans, so a slow trace of short spans would be missed. Here a duration is that of the whole trace, and an operation that of its root.",
  spans:
    "As Jaeger searches: operation, duration and attributes must hold for the same span, anywhere in a trace. The list may show traces longer or shorter than asked for.",
};

type FiltersProps = { view: SearchView; onView: (changes: Partial<SearchView>) => void };
type FiltersPanelProps = FiltersProps & { onClose: () => void; anchor: RefObject<HTMLElement | null> };

/** The query as fields: below its button, on a phone a sheet from below. */
export function FiltersPanel({ anchor, ...props }: FiltersPanelProps) {
  const isPhone = useMedia(PHONE);
  const handleOpen = (isOpen: boolean) => !isOpen && props.onClose();
  if (isPhone) {
    return (
      <Dialog onOpenChange={handleOpen} open title="Filters">
        <FiltersForm {...props} />
      </Dialog>
    );
  }
  return (
    <Popover.Root onOpenChange={handleOpen} open>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content
          align="end"
          aria-label="Filters"
          className="z-40 max-h-[80vh] w-[520px] overflow-y-auto rounded-lg border border-line bg-raised p-4 shadow-raised"
          collisionPadding={8}
          sideOffset={6}
        >
          <FiltersForm {...props} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function FiltersForm({ view, onView, onClose }: FiltersProps & { onClose: () => void }) {
  const [form, setForm] = useState(() => formOfLine(view.line, view.limit));
  const [matches, setMatches] = useState(view.matches);
  const [hasOwn, setHasOwn] = useState(view.hasOwn);
  const first = parseQueryLine(view.line).terms.find((term) => term.field === "status");
  const [status, setStatus] = useState(first?.field === "status" ? first.value : "");
  const [isSent, setSent] = useState(false);
  const services = useQuery(servicesQuery());
  const operations = useQuery(operationsQuery(form.service));
  const { criteria, problems } = parseSearchForm(form, SEARCH_LIMITS);
  const shown = isSent ? problems : {};
  const write = (field: SearchFormField) => (event: { target: { value: string } }) =>
    setForm({ ...form, [field]: event.target.value, ...(field === "service" ? { operation: "" } : {}) });
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (Object.keys(problems).length > 0) return;
    const line = lineOfCriteria(withoutField(view.line, "status"), criteria);
    const withStatus =
      status === "error" || status === "ok" ? withTerms(line, [{ field: "status", value: status }]) : line;
    onView({ line: withStatus, matches, hasOwn, limit: form.limit });
    onClose();
  };
  const names = [...new Set((operations.data ?? []).map(({ name }) => name))].sort();
  return (
    <form className="grid grid-cols-2 items-start gap-x-3 gap-y-3 max-phone:grid-cols-1" onSubmit={handleSubmit}>
      <Field error={shown.service} label="Service">
        <Select onChange={write("service")} value={form.service}>
          <option value="">All services</option>
          <Options current={form.service} names={services.data ?? []} />
        </Select>
      </Field>
      <Field
        error={shown.operation}
        label={matches === "traces" ? "Operation of the root span" : "Operation of a span"}
      >
        <Select
          disabled={form.service === "" && form.operation === ""}
          onChange={write("operation")}
          value={form.operation}
        >
          <option value="">{form.service === "" ? "Choose a service first" : "All operations"}</option>
          <Options current={form.operation} names={names} />
        </Select>
      </Field>
      <Field className="col-span-full" error={shown.attributes} label="Attributes, all of them">
        <Input
          autoCapitalize="off"
          autoComplete="off"
          className="mono"
          onChange={write("attributes")}
          placeholder="http.status_code=500 error=true"
          spellCheck={false}
          value={form.attributes}
        />
      </Field>
      <Field error={shown.min} label="At least">
        <Input onChange={write("min")} placeholder="300ms" value={form.min} />
      </Field>
      <Field error={shown.max} label="At most">
        <Input onChange={write("max")} placeholder="5s" value={form.max} />
      </Field>
      <Field label="Status">
        <Select onChange={(event) => setStatus(event.target.value as typeof status)} value={status}>
          <option value="">Any</option>
          <option value="error">With failed spans</option>
          <option value="ok">Without failed spans</option>
        </Select>
      </Field>
      <Field error={shown.limit} label="Rows at a time">
        <Select onChange={write("limit")} value={form.limit || String(SEARCH_LIMITS.default)}>
          <Options current={form.limit} names={LIMITS.map(String)} />
        </Select>
      </Field>
      <div className="col-span-full grid justify-items-start gap-1.5">
        <Segmented label="What must match" onChange={setMatches} options={MATCHES} value={matches} />
        <p className="text-sm text-ink-3">{MEANING[matches]}</p>
      </div>
      <label className="col-span-full inline-flex items-center gap-2 touch:min-h-11">
        <input checked={hasOwn} onChange={(event) => setHasOwn(event.target.checked)} type="checkbox" />
        Traces of this console, too
      </label>
      <div className="col-span-full flex justify-end gap-2">
        <Button
          onClick={() => {
            onView({ line: "", matches: "traces" });
            onClose();
          }}
          variant="ghost"
        >
          Clear all
        </Button>
        <Button type="submit" variant="primary">
          Search
        </Button>
      </div>
    </form>
  );
}

/** The names, and the chosen one even when the source does not list it (a deep link, an old name). */
function Options({ names, current }: { names: readonly string[]; current: string }) {
  const all = current === "" || names.includes(current) ? names : [current, ...names];
  return all.map((name) => (
    <option key={name} value={name}>
      {/^\d+$/.test(name) ? formatCount(Number(name)) : name}
    </option>
  ));
}
