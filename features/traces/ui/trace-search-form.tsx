"use client";

import { useQuery } from "@tanstack/react-query";
import { Search, SlidersHorizontal } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { formatCount } from "@/lib/format";
import { SEARCH_LIMITS } from "../contract";
import type { SearchForm, SearchFormField } from "../domain/search-form";
import { operationsQuery, servicesQuery } from "../queries";

const LIMITS = [20, 100, 200, 500, SEARCH_LIMITS.max];

type TraceSearchFormProps = {
  /** What the URL says; the fields start from it (give a `key` to start again). */
  initial: SearchForm;
  problems: Partial<Record<SearchFormField, string>>;
  isBusy: boolean;
  onSubmit: (form: SearchForm) => void;
};

/** What to look for. Lists apply at once, text with Enter. On a phone the rarer fields wait behind a button. */
export function TraceSearchForm({ initial, problems, isBusy, onSubmit }: TraceSearchFormProps) {
  const [form, setForm] = useState(initial);
  const [isOpen, setOpen] = useState(Object.keys(problems).length > 0);
  const services = useQuery(servicesQuery());
  const operations = useQuery(operationsQuery(form.service));
  const write = (field: SearchFormField) => (event: { target: { value: string } }) =>
    setForm({ ...form, [field]: event.target.value });
  const choose = (changes: Partial<SearchForm>) => {
    const next = { ...form, ...changes };
    setForm(next);
    onSubmit(next);
  };
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(form);
  };
  const rare = isOpen ? "" : "max-phone:hidden";
  const names = [...new Set((operations.data ?? []).map(({ name }) => name))].sort();
  return (
    <Card className="mb-2.5 px-3 py-2.5">
      <search>
        <form
          className="grid grid-cols-[minmax(120px,1fr)_minmax(140px,1.4fr)_minmax(160px,2fr)_84px_84px_92px_auto] items-start gap-2 max-desk:grid-cols-6 max-phone:grid-cols-2"
          onSubmit={handleSubmit}
        >
          <Field className="max-desk:col-span-2" error={problems.service} label="Service">
            <Select onChange={(event) => choose({ service: event.target.value, operation: "" })} value={form.service}>
              <option value="">All services</option>
              <Options current={form.service} names={services.data ?? []} />
            </Select>
          </Field>
          <Field className="max-desk:col-span-2" error={problems.operation} label="Operation">
            <Select
              disabled={form.service === ""}
              onChange={(event) => choose({ operation: event.target.value })}
              value={form.operation}
            >
              <option value="">{form.service === "" ? "Choose a service first" : "All operations"}</option>
              <Options current={form.operation} names={names} />
            </Select>
          </Field>
          <Field className={`max-desk:col-span-2 ${rare}`} error={problems.attributes} label="Attributes, all of them">
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
          <Field className={rare} error={problems.min} label="At least">
            <Input onChange={write("min")} placeholder="300ms" value={form.min} />
          </Field>
          <Field className={rare} error={problems.max} label="At most">
            <Input onChange={write("max")} placeholder="5s" value={form.max} />
          </Field>
          <Field className={rare} error={problems.limit} label="Limit">
            <Select
              onChange={(event) => choose({ limit: event.target.value })}
              value={form.limit || String(SEARCH_LIMITS.default)}
            >
              <Options current={form.limit} names={LIMITS.map(String)} />
            </Select>
          </Field>
          <Button
            aria-expanded={isOpen}
            className="phone:hidden"
            icon={<SlidersHorizontal aria-hidden />}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? "Fewer fields" : "More fields"}
          </Button>
          <Button
            aria-busy={isBusy}
            className="phone:mt-[21px]"
            icon={<Search aria-hidden />}
            type="submit"
            variant="primary"
          >
            Search
          </Button>
        </form>
      </search>
    </Card>
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
