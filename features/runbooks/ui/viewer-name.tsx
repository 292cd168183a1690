"use client";

import { Pencil, UserRound } from "lucide-react";
import { type FormEvent, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { MAX_NAME_LENGTH, nameCookie, nameIn } from "@/lib/viewer-name";

const listeners = new Set<() => void>();

/** The name this browser ticks under; "" when none was given. `undefined` on the server. */
export function useViewerName(): string | undefined {
  return useSyncExternalStore<string | undefined>(subscribe, readName, () => undefined);
}

/** Remembers the name for a year, on this console only. */
export function saveViewerName(name: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = nameCookie(name);
  for (const listener of listeners) listener();
}

/** "You are Asha", to be changed in place. It is a signature, not a login. */
export function ViewerName() {
  const name = useViewerName();
  const [isEditing, setIsEditing] = useState(false);
  if (name === undefined) return <span className="inline-block h-7 w-28" />;
  if (isEditing) return <ViewerNameForm onDone={() => setIsEditing(false)} />;
  return (
    <button
      type="button"
      onClick={() => setIsEditing(true)}
      className="inline-flex min-h-7 items-center gap-1.5 rounded-sm text-sm text-ink-2 hover:text-ink touch:min-h-11"
    >
      <UserRound className="size-3.5 text-ink-3" aria-hidden />
      {name === "" ? "Say who you are" : `You are ${name}`}
      <Pencil className="size-3 text-ink-3" aria-hidden />
    </button>
  );
}

/** Asks for the name; `onDone` gets it once it is saved. */
export function ViewerNameForm({ onDone }: { onDone: (name: string) => void }) {
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (name === "") return;
    saveViewerName(name);
    onDone(name);
  };
  return (
    <form onSubmit={handleSubmit} className="flex items-center gap-1.5">
      <Input
        name="name"
        aria-label="Your name"
        placeholder="Your name"
        defaultValue={readName()}
        maxLength={MAX_NAME_LENGTH}
        autoComplete="name"
        autoFocus
        className="w-40"
      />
      <Button type="submit" size="sm">
        Save
      </Button>
    </form>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const readName = (): string => nameIn(document.cookie);
