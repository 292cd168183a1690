"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem } from "@/lib/api";
import { routes } from "@/lib/routes";
import { LOCAL_NAME, MAX_NAME_LENGTH, toShownName } from "@/lib/viewer-name";
import { renameViewer, viewerQuery } from "../queries";

/** The name others see beside what this person ticks and pauses. */
export function NameForm() {
  const client = useQueryClient();
  const { data } = useQuery(viewerQuery);
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const save = useMutation({
    mutationFn: (name: string) => renameViewer(client, name),
    onSuccess: () => setDraft(undefined),
  });
  if (data !== undefined && data.role !== "local") return <SignedIn name={data.name} role={data.role} />;
  const saved = data === undefined || data.name === LOCAL_NAME ? "" : data.name;
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate((draft ?? saved).trim());
  };
  return (
    <form onSubmit={handleSubmit} className="grid gap-2">
      <Field
        label="Your name"
        hint="Shown beside the steps you tick and the migrations you pause. It is not a login."
        error={save.error instanceof ApiProblem ? save.error.detail : undefined}
      >
        <Input
          value={draft ?? saved}
          onChange={(event) => setDraft(event.target.value)}
          maxLength={MAX_NAME_LENGTH}
          placeholder={toShownName(LOCAL_NAME)}
          autoComplete="name"
        />
      </Field>
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={save.isPending || draft === undefined || draft.trim() === saved}>
          Save
        </Button>
        <span aria-live="polite" className="text-sm text-ok">
          {save.isSuccess && draft === undefined ? "Saved" : ""}
        </span>
      </div>
    </form>
  );
}

/** With sign-in the name is that of the account. */
function SignedIn({ name, role }: { name: string; role: string }) {
  return (
    <p>
      Signed in as <b>{name}</b>, {role}.{" "}
      <Link href={routes.account()} className="link">
        Account
      </Link>
    </p>
  );
}
