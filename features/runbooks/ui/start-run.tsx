"use client";

import { Play } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { apiFetch } from "@/lib/api";
import { routes } from "@/lib/routes";
import { MAX_NAME_LENGTH } from "@/lib/viewer-name";
import { runStartedSchema, type StartRun as StartRunInput } from "../contract";
import { fillKnownValues } from "../domain/known-values";
import { saveViewerName, useViewerName } from "./viewer-name";

type StartRunProps = { runbookId: string; title: string; stepCount: number; placeholders: string[] };

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
export function StartRun({ runbookId, title, stepCount, placeholders }: StartRunProps) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useStartDialog();
  const name = useViewerName();
  // A link that leads here may know the values: `?start&service=web` fills in `<service>`.
  const known = useSearchParams();
  const filled = fillKnownValues(placeholders, known);
  const [key] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState<unknown>();
  const [isStarting, setIsStarting] = useState(false);
  const handleSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    saveViewerName(String(form.get("name") ?? ""));
    setIsStarting(true);
    try {
      const json = toInput(form, { runbookId, title, placeholders, key });
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
        {placeholders.length > 0 && (
          <fieldset className="grid gap-3">
            <legend className="mb-1 text-sm text-ink-3">
              Values its commands ask for; copied commands hold them.
              {filled.size > 0 && ` ${filled.size} came with the link: check them before you copy a command.`}
            </legend>
            {placeholders.map((placeholder) => (
              <Field key={placeholder} label={<span className="mono">{`<${placeholder}>`}</span>}>
                <Input name={`param ${placeholder}`} maxLength={1000} defaultValue={filled.get(placeholder) ?? ""} />
              </Field>
            ))}
          </fieldset>
        )}
        {problem !== undefined && <ErrorState problem={problem} />}
      </form>
    </Dialog>
  );
}

type ToInput = Pick<StartRunProps, "runbookId" | "title" | "placeholders"> & { key: string };

function toInput(form: FormData, { runbookId, title, placeholders, key }: ToInput): StartRunInput {
  const given = placeholders.map((name) => [name, String(form.get(`param ${name}`) ?? "").trim()] as const);
  return {
    runbookId,
    title: String(form.get("title") ?? "").trim() || title,
    params: Object.fromEntries(given.filter(([, value]) => value !== "")),
    idempotencyKey: key,
  };
}
