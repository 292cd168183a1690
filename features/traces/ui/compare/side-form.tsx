"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import type { CompareSideQuery } from "../../contract";
import { parseSideForm, type SideForm, toSideForm } from "../../domain/compare-view/side-form";
import { operationsQuery, servicesQuery } from "../../queries";
import { deploysQuery } from "../group-queries";

type SideDialogProps = {
  title: string;
  side: CompareSideQuery | undefined;
  onClose: () => void;
  onChoose: (side: CompareSideQuery) => void;
};

/** Chooses one side: a trace by its id, or requests by service, operation, version, time and duration. */
export function SideDialog({ title, side, onClose, onChoose }: SideDialogProps) {
  const [form, setForm] = useState<SideForm>(() => toSideForm(side));
  const [problems, setProblems] = useState<Partial<Record<keyof SideForm, string>>>({});
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseSideForm(form);
    setProblems(parsed.problems);
    if (parsed.side !== undefined) onChoose(parsed.side);
  };
  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button form="side-form" type="submit" variant="primary">
            Compare
          </Button>
        </>
      }
      onOpenChange={(isOpen) => !isOpen && onClose()}
      open
      title={title}
    >
      <form className="grid gap-3" id="side-form" noValidate onSubmit={handleSubmit}>
        <Segmented
          label="What this side is"
          onChange={(kind) => setForm({ ...form, kind })}
          options={[
            { value: "group", label: "Requests" },
            { value: "trace", label: "One trace" },
          ]}
          value={form.kind}
        />
        {form.kind === "trace" ? (
          <Field error={problems.traceId} hint="As Jaeger spells it: up to 32 hex digits." label="Trace id">
            <Input
              autoComplete="off"
              className="mono"
              onChange={(event) => setForm({ ...form, traceId: event.target.value })}
              spellCheck={false}
              value={form.traceId}
            />
          </Field>
        ) : (
          <GroupFields form={form} onChange={setForm} problems={problems} />
        )}
      </form>
    </Dialog>
  );
}

type GroupFieldsProps = {
  form: SideForm;
  onChange: (form: SideForm) => void;
  problems: Partial<Record<keyof SideForm, string>>;
};

function GroupFields({ form, onChange, problems }: GroupFieldsProps) {
  const services = useQuery(servicesQuery());
  const operations = useQuery(operationsQuery(form.service));
  const deploys = useQuery(deploysQuery(form.service));
  const versions = (deploys.data ?? []).flatMap(({ version, previousVersion }) => [
    version,
    previousVersion ?? version,
  ]);
  const suggestions: Partial<Record<keyof SideForm, readonly string[]>> = {
    service: services.data ?? [],
    operation: [...new Set((operations.data ?? []).map(({ name }) => name))],
    version: [...new Set(versions)],
  };
  const field = (name: keyof SideForm, label: string, rest: { type?: string; hint?: string; wide?: boolean } = {}) => (
    <Field className={rest.wide === true ? "col-span-2" : ""} error={problems[name]} hint={rest.hint} label={label}>
      <Input
        autoComplete="off"
        list={suggestions[name] === undefined ? undefined : `side-${name}`}
        onChange={(event) => onChange({ ...form, [name]: event.target.value })}
        spellCheck={false}
        type={rest.type ?? "text"}
        value={form[name]}
      />
    </Field>
  );
  return (
    <div className="grid grid-cols-2 gap-3">
      {field("service", "Service", { wide: true })}
      {field("operation", "Operation", { wide: true })}
      {field("version", "Version", { hint: "service.version" })}
      {field("attributes", "Attributes", { hint: "key=value, key=value" })}
      {field("from", "From", { type: "datetime-local" })}
      {field("to", "To", { type: "datetime-local" })}
      {field("minDuration", "At least", { hint: "300ms, 1.5s" })}
      {field("maxDuration", "At most")}
      {Object.entries(suggestions).map(([name, values]) => (
        <datalist id={`side-${name}`} key={name}>
          {values.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      ))}
    </div>
  );
}
