"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { apiFetch } from "@/lib/api";
import {
  deletedSearchReplySchema,
  type SavedSearch,
  savedSearchesReplySchema,
  savedSearchReplySchema,
} from "../../contract";
import { traceKeys } from "../../queries";
import type { SearchAddress } from "./use-search-view";

/** Searches somebody kept: open one, keep this one, forget one. Everybody sees the same. */
export function SavedSearches({ address, onClose }: { address: SearchAddress; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const list = useQuery({
    queryKey: traceKeys.savedSearches(),
    queryFn: async ({ signal }) =>
      (await apiFetch("/api/traces/searches", { schema: savedSearchesReplySchema, signal })).searches,
  });
  const changed = () => client.invalidateQueries({ queryKey: traceKeys.savedSearches() });
  const save = useMutation({
    mutationFn: () =>
      apiFetch("/api/traces/searches", {
        schema: savedSearchReplySchema,
        json: { name, line: address.view.line, params: withoutPlace(address.paramsText) },
      }),
    onSuccess: () => {
      setName("");
      return changed();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      apiFetch(`/api/traces/searches?id=${id}`, { schema: deletedSearchReplySchema, method: "DELETE" }),
    onSuccess: changed,
  });
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") save.mutate();
  };
  const open = ({ params }: SavedSearch) => {
    address.open(params);
    onClose();
  };
  const problem = save.error?.message ?? remove.error?.message;
  return (
    <Dialog onOpenChange={(isOpen) => !isOpen && onClose()} open title="Saved searches">
      <form className="flex items-end gap-2" onSubmit={handleSubmit}>
        <Field className="grow" error={problem} label="Keep this search as">
          <Input
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
            placeholder="Slow sign-ins"
            value={name}
          />
        </Field>
        <Button
          aria-busy={save.isPending}
          className="self-start mt-[21px]"
          icon={<Bookmark aria-hidden />}
          type="submit"
          variant="primary"
        >
          Save
        </Button>
      </form>
      <p className="mt-1 mb-3 text-sm text-ink-3">
        Query, time range, view, columns and selection. A name that exists is overwritten.
      </p>
      <ul className="grid gap-0.5">
        {list.data?.map((search) => (
          <li className="flex items-center gap-2" key={search.id}>
            <button
              className="min-w-0 grow rounded-md px-2 py-1.5 text-left hover:bg-sunken touch:min-h-11"
              onClick={() => open(search)}
              type="button"
            >
              <span className="block truncate font-medium">{search.name}</span>
              <span className="mono block truncate text-sm text-ink-3">{search.line || "every trace"}</span>
            </button>
            <IconButton label={`Delete ${search.name}`} onClick={() => remove.mutate(search.id)}>
              <Trash2 aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {list.data?.length === 0 && <p className="text-ink-3">None yet.</p>}
      {list.isError && <p className="text-bad">{list.error.message}</p>}
    </Dialog>
  );
}

/** The row a reader stood on is no part of a search. */
function withoutPlace(params: string): string {
  const kept = new URLSearchParams(params);
  kept.delete("row");
  return kept.toString();
}
