"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { routes } from "@/lib/routes";
import { createTokenSchema, watchTaskSchema } from "../contract";
import { fieldProblems } from "../domain/field-problems";
import { createTokenMutation, s3MigrationKeys, watchTaskMutation } from "../queries";

/** The two ways in which a job elsewhere tells of itself: by a token of its own, or by its table. */
export function ReportedStart() {
  return (
    <div className="grid grid-cols-2 items-start gap-3 max-tablet:grid-cols-[minmax(0,1fr)]">
      <TokenForJob />
      <WatchedTask />
    </div>
  );
}

function TokenForJob() {
  const [ref, setRef] = useState("");
  const [label, setLabel] = useState("");
  const [isTried, setTried] = useState(false);
  const create = useMutation(createTokenMutation());
  const parsed = createTokenSchema.safeParse({ externalRef: ref.trim(), label });
  const problems = fieldProblems(parsed.error);
  return (
    <Card aria-labelledby="by-token">
      <CardHeader id="by-token" title="A job that reports" meta="object by object, live" />
      <CardBody>
        <Form
          onSubmit={() => {
            setTried(true);
            if (parsed.success) create.mutate(parsed.data);
          }}
        >
          <Field
            label="Name of the migration"
            hint="The job's own, such as circuitverse-images. The token opens this one only."
            error={isTried ? problems.get("externalRef") : undefined}
          >
            <Input
              value={ref}
              placeholder="circuitverse-images"
              spellCheck={false}
              autoComplete="off"
              className="font-mono"
              onChange={(event) => setRef(event.target.value)}
            />
          </Field>
          <Field label="For whom" hint="May be left out." error={isTried ? problems.get("label") : undefined}>
            <Input value={label} placeholder="rake task on web-2" onChange={(event) => setLabel(event.target.value)} />
          </Field>
          <div>
            <Button type="submit" variant="primary" disabled={create.isPending} icon={<KeyRound aria-hidden />}>
              Make a token for 30 days
            </Button>
          </div>
        </Form>
        {create.error !== null && <ErrorState problem={create.error} className="px-0 pb-0" />}
        {create.data !== undefined && <MadeToken token={create.data.token} externalRef={create.data.externalRef} />}
      </CardBody>
    </Card>
  );
}

function MadeToken({ token, externalRef }: { token: string; externalRef: string }) {
  return (
    <div role="status" className="mt-3 grid gap-1.5 rounded-md border border-warn/50 bg-warn-soft px-3 py-2.5">
      <p className="font-semibold">This token is shown once. Copy it now.</p>
      <p className="flex min-w-0 flex-wrap items-center gap-2">
        <code className="mono min-w-0 break-all">{token}</code>
        <CopyButton text={token} label="the token" />
      </p>
      <p className="text-ink-2">
        Put it into the job's environment as <span className="mono">OPS_CONSOLE_TOKEN</span> and give the client{" "}
        <span className="mono">ref: "{externalRef}"</span>. The migration stands in the list once the job first reports.
        Clients: <span className="mono">clients/ruby</span>, <span className="mono">clients/typescript</span>.
      </p>
    </div>
  );
}

const TASK_FIELDS = [
  { name: "name", label: "Name", hint: "As the list shows it.", placeholder: "Avatars to S3" },
  { name: "database", label: "Database", hint: "A name in the worker's OPS_DATABASES.", placeholder: "rails" },
  { name: "task", label: "Task", hint: "Its class.", placeholder: "Maintenance::MoveAvatarsTask" },
] as const;

function WatchedTask() {
  const router = useRouter();
  const client = useQueryClient();
  const [texts, setTexts] = useState({ name: "", database: "", task: "" });
  const [isTried, setTried] = useState(false);
  const watch = useMutation({
    ...watchTaskMutation(),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: s3MigrationKeys.list() });
      router.push(routes.s3Migration(id));
    },
  });
  const parsed = watchTaskSchema.safeParse(texts);
  const problems = fieldProblems(parsed.error);
  return (
    <Card aria-labelledby="by-table">
      <CardHeader id="by-table" title="A task of maintenance_tasks" meta="read from its table, no code" />
      <CardBody>
        <Form
          onSubmit={() => {
            setTried(true);
            if (parsed.success) watch.mutate(parsed.data);
          }}
        >
          {TASK_FIELDS.map(({ name, label, hint, placeholder }) => (
            <Field key={name} label={label} hint={hint} error={isTried ? problems.get(name) : undefined}>
              <Input
                value={texts[name]}
                placeholder={placeholder}
                spellCheck={false}
                autoComplete="off"
                className={name === "name" ? "" : "font-mono"}
                onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
              />
            </Field>
          ))}
          <div>
            <Button type="submit" disabled={watch.isPending || watch.isSuccess}>
              Show this task
            </Button>
          </div>
        </Form>
        <p className="mt-2 text-sm text-ink-3">
          Its steps are counted, nothing is known of single objects. The table is read every five seconds, never
          written.
        </p>
        {watch.error !== null && <ErrorState problem={watch.error} className="px-0 pb-0" />}
      </CardBody>
    </Card>
  );
}

function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
