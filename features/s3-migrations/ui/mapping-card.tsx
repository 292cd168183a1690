"use client";

import { ArrowRight, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { compileKeyMap, keyMapSchema } from "../domain/key-map";
import { keyProblem } from "../domain/object-key";
import type { FormProps } from "./draft-field";
import { type Draft, type DraftRule, type StoreKind, toKeyMap } from "./migration-draft";

const SAMPLES: Record<StoreKind, readonly string[]> = {
  local: ["images/2024/Photo 1.JPEG", "readme.txt"],
  s3: ["images/2024/Photo 1.JPEG", "readme.txt"],
  carrierwave: ["uploads/project/image_preview/48213/preview_1593267409.jpeg"],
  paperclip: ["system/users/profile_pictures/000/012/345/original/me.png"],
  active_storage: ["xtapjjcjiudrlk3tmwyjgpuobabd"],
};

type MappingProps = FormProps & { examples: readonly string[] };

/** How keys change on the way, tried at once on keys of the last dry run. */
export function MappingCard({ examples, ...props }: MappingProps) {
  const { draft, onChange } = props;
  const isMapped = draft.mapKind === "template";
  return (
    <Card aria-labelledby="mapping">
      <CardHeader
        id="mapping"
        title="Mapping"
        actions={
          <Segmented
            label="How keys change"
            value={draft.mapKind}
            onChange={(mapKind) => onChange({ mapKind })}
            options={[
              { value: "none", label: "Keep keys" },
              { value: "template", label: "Rules" },
              ...(draft.rowsFrom === "none" ? [] : [{ value: "manifest" as const, label: "By the manifest" }]),
            ]}
          />
        }
      />
      <CardBody className="grid gap-3">
        {draft.mapKind === "manifest" && (
          <p className="text-sm text-ink-2">
            Each row's destination column says its key; without one it keeps its own.
          </p>
        )}
        {isMapped && <Rules {...props} />}
        {draft.mapKind !== "manifest" && <Preview draft={draft} examples={examples} />}
      </CardBody>
    </Card>
  );
}

function Rules(props: FormProps) {
  const { draft, onChange } = props;
  const change = (id: number, fields: Partial<DraftRule>) =>
    onChange({ rules: draft.rules.map((rule) => (rule.id === id ? { ...rule, ...fields } : rule)) });
  const nextId = Math.max(...draft.rules.map(({ id }) => id)) + 1;
  return (
    <>
      <ol className="grid gap-3">
        {draft.rules.map((rule, at) => (
          <li key={rule.id} className="flex items-start gap-2">
            <Rule at={at} rule={rule} problems={props.problems} onChange={(fields) => change(rule.id, fields)} />
            {draft.rules.length > 1 && (
              <IconButton
                label={`Remove rule ${at + 1}`}
                className="mt-5"
                onClick={() => onChange({ rules: draft.rules.filter(({ id }) => id !== rule.id) })}
              >
                <Trash2 aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ol>
      <p className="text-sm text-ink-3">
        In a pattern {"{id}"} is a part between slashes, {"{rest*}"} crosses them. A new key has those, and {"{dir}"},{" "}
        {"{name}"}, {"{ext}"}, {"{file}"}, {"{part:1}"}; with |lower or |nfc changed. The first rule that fits wins.
      </p>
      <div className="flex flex-wrap items-end gap-3">
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          disabled={draft.rules.length >= 20}
          onClick={() => onChange({ rules: [...draft.rules, { id: nextId, match: "", to: "{key}" }] })}
        >
          Add a rule
        </Button>
        <Field label="Keys no rule is for" className="ml-auto max-phone:ml-0">
          <Select
            value={draft.otherwise}
            onChange={(event) =>
              onChange({
                otherwise: (["keep", "leave_out"] as const).find((word) => word === event.target.value) ?? "refuse",
              })
            }
          >
            <option value="refuse">List as a problem</option>
            <option value="keep">Keep their key</option>
            <option value="leave_out">Leave out</option>
          </Select>
        </Field>
      </div>
    </>
  );
}

type RuleProps = {
  at: number;
  rule: DraftRule;
  problems: ReadonlyMap<string, string>;
  onChange: (fields: Partial<DraftRule>) => void;
};

function Rule({ at, rule, problems, onChange }: RuleProps) {
  const path = `options.keyMap.rules.${at}`;
  const field = (name: "match" | "to", label: string, placeholder: string) => (
    <Field label={`${label} ${at + 1}`} error={problems.get(`${path}.${name}`)}>
      <Input
        value={rule[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
      />
    </Field>
  );
  return (
    <div className="grid min-w-0 grow gap-2">
      {field("match", "Pattern", "uploads/{model}/{mount}/{id}/{image}")}
      {field("to", "New key", "previews/{id}/{image}")}
    </div>
  );
}

type PreviewProps = { draft: Draft; examples: readonly string[] };

function Preview({ draft, examples }: PreviewProps) {
  const [own, setOwn] = useState("");
  const parsed = keyMapSchema.safeParse(toKeyMap(draft));
  const map = parsed.success ? compileKeyMap(parsed.data) : undefined;
  const keys = [...(own === "" ? [] : [own]), ...(examples.length > 0 ? examples : SAMPLES[draft.sourceKind])];
  return (
    <div className="grid gap-2 border-t border-line pt-3 first:border-0 first:pt-0">
      <Field label="Try a key">
        <Input
          value={own}
          onChange={(event) => setOwn(event.target.value)}
          placeholder={keys[0]}
          spellCheck={false}
          autoComplete="off"
          className="font-mono"
        />
      </Field>
      <ul aria-label="Preview" aria-live="polite" className="grid gap-1.5 text-sm">
        {keys.slice(0, 6).map((key) => (
          <li key={key} className="min-w-0">
            <span className="mono block break-all text-ink-2">{key}</span>
            <Outcome mapped={map?.(key)} prefix={draft.prefix} />
          </li>
        ))}
      </ul>
      {examples.length === 0 && <p className="text-sm text-ink-3">Made-up keys; a dry run shows yours.</p>}
    </div>
  );
}

function Outcome({
  mapped,
  prefix,
}: {
  mapped: ReturnType<ReturnType<typeof compileKeyMap>> | undefined;
  prefix: string;
}) {
  if (mapped === undefined) return <span className="text-bad">The rules have a mistake.</span>;
  if (mapped.kind === "left_out") return <span className="text-ink-3">left out: no rule is for it</span>;
  if (mapped.kind === "refused") return <span className="text-bad">not copied: {mapped.message}</span>;
  const problem = keyProblem(prefix + mapped.key);
  return (
    <span className="flex items-start gap-1.5">
      <ArrowRight className="mt-1 size-3 shrink-0 text-ink-3" aria-label="to" />
      <span className="mono min-w-0 break-all">
        <span className="text-ink-3">{prefix}</span>
        {mapped.key}
        {problem !== undefined && <span className="text-bad"> {problem}</span>}
      </span>
    </span>
  );
}
