"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem } from "@/lib/api";
import { changePassword } from "../queries";

/** A new password for who knows the present one. */
export function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({ mutationFn: changePassword, onSuccess: () => form.current?.reset() });
  const problem = change.error instanceof ApiProblem ? change.error : undefined;
  const errorOf = (field: string) => (problem?.field === field ? problem.detail : undefined);
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    change.mutate({ current: String(data.get("current")), password: String(data.get("password")) });
  };
  return (
    <form ref={form} onSubmit={handleSubmit} className="grid gap-3">
      <Field label="Present password" error={errorOf("current")}>
        <Input name="current" type="password" required autoComplete="current-password" />
      </Field>
      <Field
        label="New password"
        hint="At least 12 characters. Every other session ends."
        error={errorOf("password") ?? (problem?.field === undefined ? problem?.detail : undefined)}
      >
        <Input name="password" type="password" required minLength={12} autoComplete="new-password" />
      </Field>
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={change.isPending}>
          Change
        </Button>
        <span aria-live="polite" className="text-sm text-ok">
          {change.isSuccess ? "Changed" : ""}
        </span>
      </div>
    </form>
  );
}
