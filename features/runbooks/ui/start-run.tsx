"use client";

import { Play } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { apiFetch } from "@/lib/api";
import { routes } from "@/lib/routes";
import { MAX_NAME_LENGTH } from "@/lib/viewer-name";
import { runStartedSchema, type StartRun as StartRunInput } from "../contract";
import { visibleText } from "../domain/commands/visible-text";
import { fillKnownValues } from "../domain/known-values";
import { findValueProblem, type RunbookParam } from "../domain/params";
import { saveViewerName, useViewerName } from "./viewer-name";

type StartRunProps = {
  runbookId: string;
  title: string;
  stepCount: number;
  asked: RunbookParam[];
  /** Why its title must be typed first. */
  caution: string | null;
};

/** Open at once on a link with `?start`, as the palette makes it; closing takes that off the address. */
function useStartDialog(): [isOpen: boolean, setIsOpen: (isOpen: boolean) => void] {
  const isAsked = useSearchParams().has("start");
  const pathname = usePathname();
  const [isOpen, setIsOpen] = useState(false);
  // Outside system: the address, which the palette may change while this page is open.
  useEffect(() => {
    if (isAsked) setIsOpen(true);
  }, [isAsked]);
  const change = (next: boolean) => {
    setIsOpen(next);
    if (!next && isAsked) window.history.replaceState(null, "", pathname);
  };
  return [isOpen, change];
}

/** Starts a run: what it is for, who starts it, and the values its commands ask for. */
export function StartRun({ runbookId, title, stepCount, asked, caution }: StartRunProps) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useStartDialog();
  const name = useViewerName();
  // A link that leads here may know the values: `?start&service=web` fills in `<service>`.
  const known = useSearchParams();
  const names = asked.map(({ name: placeholder }) => placeholder);
  const filled = fillKnownValues(names, known);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [key] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState<unknown>();
  const [isStarting, setIsStarting] = useState(false);
  const handleSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const problems = findProblems(form, asked);
    setWrong(problems);
    const [first] = Object.keys(problems);
    if (first !== undefined) {
      event.currentTarget.querySelector<HTMLElement>(`[name="${CSS.escape(fieldOf(first))}"]`)?.focus();
      return;
    }
    saveViewerName(String(form.get("name") ?? ""));
    setIsStarting(true);
    try {
      const json = toInput(form, { runbookId, title, names, key });
      const { run } = await apiFetch("/api/runs", { schema: runStartedSchema, json });
      router.push(routes.run(run.id));
    } catch (error) {
      setProblem(error);
      setIsStarting(false);
    }
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setIsOpen}
      title="Start a run"
      description={`${stepCount} ${stepCount === 1 ? "step" : "steps"}. The run keeps this version of the text, whatever happens to the file.`}
      trigger={
        <Button variant="primary" icon={<Play aria-hidden />} className="no-print">
          Start a run
        </Button>
      }
      footer={
        <Button type="submit" form="start-run" variant="primary" disabled={isStarting}>
          {isStarting ? "Starting…" : "Start"}
        </Button>
      }
    >
      <form id="start-run" onSubmit={(event) => void handleSubmit(event)} className="grid gap-3">
        <Field label="Your name" hint="Shown beside everything you tick.">
          <Input name="name" required maxLength={MAX_NAME_LENGTH} defaultValue={name ?? ""} autoComplete="name" />
        </Field>
        <Field label="What this run is for">
          <Input
            name="title"
            maxLength={200}
            placeholder={title}
            defaultValue={known.get("for")?.slice(0, 200) ?? ""}
          />
        </Field>
        {asked.length > 0 && <AskedValues asked={asked} filled={filled} wrong={wrong} />}
        {caution !== null && <Confirmation caution={caution} title={title} />}
        {problem !== undefined && <ErrorState problem={problem} />}
      </form>
    </Dialog>
  );
}

function Confirmation({ caution, title }: { caution: string; title: string }) {
  const explain = (event: FormEvent<HTMLInputElement>) => {
    const isSame = event.currentTarget.value.trim() === title.trim();
    event.currentTarget.setCustomValidity(isSame ? "" : `Type ${title}`);
  };
  return (
    <Field label={`${caution} Type its title to start`} hint={title}>
      <Input name="confirmation" required maxLength={300} autoComplete="off" spellCheck={false} onInput={explain} />
    </Field>
  );
}

type AskedValuesProps = {
  asked: readonly RunbookParam[];
  filled: ReadonlyMap<string, string>;
  wrong: Readonly<Record<string, string>>;
};

function AskedValues({ asked, filled, wrong }: AskedValuesProps) {
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 text-sm text-ink-3">
        Values its commands ask for; copied commands hold them.
        {filled.size > 0 && ` ${filled.size} came with the link: check them before you copy a command.`}
      </legend>
      {asked.map((param) => (
        <Field
          key={param.name}
          label={<span className="mono">{`<${param.name}>`}</span>}
          hint={hintOf(param)}
          error={wrong[param.name]}
        >
          <ValueControl param={param} value={filled.get(param.name) ?? param.default} />
        </Field>
      ))}
    </fieldset>
  );
}

/** `control` is what the field around it adds: id, description, whether it is wrong. */
function ValueControl({ param, value, ...control }: { param: RunbookParam; value: string }) {
  const { name, type, options, isRequired } = param;
  const choices = type === "bool" ? ["true", "false"] : options;
  const field = { ...control, name: fieldOf(name), "aria-required": isRequired, defaultValue: value };
  if (choices.length === 0) return <Input {...field} maxLength={1000} autoComplete="off" spellCheck={false} />;
  return (
    <Select {...field}>
      {!choices.includes(value) && <option value={value}>{value === "" ? "Choose" : visibleText(value)}</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </Select>
  );
}

function hintOf({
  description,
  isRequired,
  type,
  options,
  pattern,
  default: preset,
}: RunbookParam): string | undefined {
  const isDeclared = description !== "" || isRequired || type !== "string" || pattern !== null || preset !== "";
  const kind = type === "string" || options.length > 0 ? [] : [TYPE_WORDS[type]];
  const rule = [...kind, ...(pattern === null ? [] : [`matches ${pattern}`])].join(", ");
  const need = isDeclared && !isRequired ? "May stay empty." : "";
  const hint = [description, rule === "" ? "" : `${rule}.`, need].filter(Boolean).join(" ");
  return hint === "" ? undefined : hint;
}

const TYPE_WORDS = {
  int: "A whole number",
  bool: "true or false",
  enum: "One of a list",
  sha: "7 to 64 hexadecimal digits",
  url: "An http or https address",
  secret: "A secret",
  duration: "A duration such as 30s, 10m or 2h",
} as const;

const fieldOf = (name: string): string => `param ${name}`;
const givenIn = (form: FormData, name: string): string => String(form.get(fieldOf(name)) ?? "").trim();

function findProblems(form: FormData, asked: readonly RunbookParam[]): Record<string, string> {
  const wrong = asked.flatMap((param) => {
    const message = findValueProblem(param, givenIn(form, param.name));
    return message === undefined ? [] : [[param.name, `This value ${message}.`] as const];
  });
  return Object.fromEntries(wrong);
}

type ToInput = Pick<StartRunProps, "runbookId" | "title"> & { names: readonly string[]; key: string };

function toInput(form: FormData, { runbookId, title, names, key }: ToInput): StartRunInput {
  const given = names.map((name) => [name, givenIn(form, name)] as const);
  return {
    runbookId,
    title: String(form.get("title") ?? "").trim() || title,
    params: Object.fromEntries(given.filter(([, value]) => value !== "")),
    ...(form.has("confirmation") && { confirmation: String(form.get("confirmation")) }),
    idempotencyKey: key,
  };
}
