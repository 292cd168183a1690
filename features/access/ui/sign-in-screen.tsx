"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { BrandMark } from "@/components/shell/brand-mark";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { ApiProblem } from "@/lib/api";
import { signIn, signInWithCode } from "../queries";

type Way = "password" | "code";
const WAYS: { value: Way; label: string }[] = [
  { value: "password", label: "Password" },
  { value: "code", label: "I have a code" },
];

/** The only page for somebody who is not signed in. `to` is where they wanted to go: a path of this console. */
export function SignInScreen({ to }: { to: string }) {
  const [way, setWay] = useState<Way>("password");
  return (
    <main className="grid min-h-dvh content-center justify-items-center gap-4 bg-page p-4">
      <Card className="w-full max-w-[400px]">
        <CardBody className="grid gap-4 pt-5">
          <h1 className="flex items-center gap-2.5 text-xl">
            <BrandMark /> Sign in
          </h1>
          <Segmented label="How" value={way} onChange={setWay} options={WAYS} />
          <SignInForm key={way} way={way} to={to} />
        </CardBody>
      </Card>
      <p className="max-w-[400px] text-sm text-ink-3">
        {way === "password"
          ? "Forgot the password, or none yet? An admin can give you a one-time code."
          : "From an admin, or for the first admin from the machine of the console: ops-console admin-code."}
      </p>
    </main>
  );
}

function SignInForm({ way, to }: { way: Way; to: string }) {
  const enter = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "");
      const credentials = { email: text("email"), password: text("password") };
      return way === "password"
        ? signIn(credentials)
        : signInWithCode({ ...credentials, code: text("code"), name: text("name") });
    },
    // A whole new page: nothing that was read for nobody stays in memory.
    onSuccess: () => window.location.assign(to),
  });
  const problem = enter.error instanceof ApiProblem ? enter.error : undefined;
  const errorOf = (field: string) => (problem?.field === field ? problem.detail : undefined);
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    enter.mutate(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={handleSubmit} className="grid gap-3">
      {way === "code" && (
        <Field label="One-time code" error={errorOf("code")}>
          <Input name="code" required minLength={20} autoComplete="one-time-code" className="mono" autoFocus />
        </Field>
      )}
      <Field label="E-mail" error={errorOf("email")}>
        <Input name="email" type="email" required autoComplete="username" autoFocus={way === "password"} />
      </Field>
      {way === "code" && (
        <Field label="Your name" hint="For a new admin: it stands beside what you do." error={errorOf("name")}>
          <Input name="name" maxLength={60} autoComplete="name" />
        </Field>
      )}
      <Field
        label={way === "code" ? "New password" : "Password"}
        {...(way === "code" && { hint: "At least 12 characters; a sentence is good." })}
        error={errorOf("password")}
      >
        <Input
          name="password"
          type="password"
          required
          {...(way === "code" && { minLength: 12 })}
          autoComplete={way === "code" ? "new-password" : "current-password"}
        />
      </Field>
      {problem !== undefined && problem.field === undefined && (
        <p role="alert" className="text-sm text-bad">
          {problem.detail}
        </p>
      )}
      <Button type="submit" variant="primary" disabled={enter.isPending || enter.isSuccess}>
        {enter.isPending || enter.isSuccess ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
