import { Search } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { Attribute } from "../contract";
import { toAttributeText } from "../domain/attribute-text";
import { attributeText } from "../domain/attribute-value-text";
import { visibleText } from "../domain/visible-text";

/** Drawn at first: a thousand rows with their buttons, or 60 kB of text, hold the page for half a second. */
const FIRST_SHOWN = 100;
const FIRST_CHARACTERS = 2_000;

/** How a value compares with those of similar calls: the sign that stands beside it, and the words for it. */
export type AttributeMark = { sign: "=" | "≠"; words: string };

type AttributeListProps = {
  attributes: readonly Attribute[];
  service?: string;
  markOf?: ((key: string) => AttributeMark | undefined) | undefined;
};

/** Keys and values of a span, an event or a resource; each value can be copied and, when plain, searched for. */
export function AttributeList({ attributes, service, markOf }: AttributeListProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? attributes : attributes.slice(0, FIRST_SHOWN);
  return (
    <>
      <dl className="mono text-[11.5px]/5">
        {shown.map((attribute, at) => (
          <AttributeRow
            attribute={attribute}
            // biome-ignore lint/suspicious/noArrayIndexKey: a key may stand twice in one span
            key={`${attribute.key} ${at}`}
            mark={markOf?.(attribute.key)}
            service={service}
          />
        ))}
      </dl>
      {shown.length < attributes.length && (
        <button className="link mt-1 text-sm" onClick={() => setWhole(true)} type="button">
          Show all {formatCount(attributes.length)}
        </button>
      )}
    </>
  );
}

/** A value that may be longer than anyone reads: its beginning, and the rest on request. */
function LongText({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (isWhole || text.length <= FIRST_CHARACTERS) return visibleText(text);
  return (
    <>
      {visibleText(text.slice(0, FIRST_CHARACTERS))}…{" "}
      <button className="link font-sans text-sm" onClick={() => setWhole(true)} type="button">
        Show all {formatCount(text.length)} characters
      </button>
    </>
  );
}

type AttributeRowProps = { attribute: Attribute; service: string | undefined; mark: AttributeMark | undefined };

function AttributeRow({ attribute, service, mark }: AttributeRowProps) {
  const text = attributeText(attribute);
  const isPlain = ["string", "int", "double", "bool"].includes(attribute.type) && text.length <= 200;
  return (
    <div className="group relative grid grid-cols-[minmax(0,132px)_minmax(0,1fr)_auto] items-start gap-x-2 rounded-sm hover:bg-sunken touch:min-h-8 touch:items-center">
      <dt className="truncate text-ink-3" title={`${attribute.key} (${attribute.type})`}>
        {visibleText(attribute.key)}
      </dt>
      <dd className="min-w-0 [overflow-wrap:anywhere] whitespace-pre-wrap">
        <LongText text={text} />
      </dd>
      <dd
        className={`min-w-3 text-right ${mark?.sign === "≠" ? "font-semibold text-ink" : "text-ink-3"}`}
        title={mark?.words}
      >
        {mark !== undefined && (
          <>
            <span aria-hidden>{mark.sign}</span>
            <span className="sr-only">, {mark.words}</span>
          </>
        )}
      </dd>
      <dd className="absolute top-0 right-0 flex rounded-sm bg-sunken opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 touch:hidden">
        {isPlain && (
          <IconButton asChild label={`Search traces with ${attribute.key}=${text}`} size="sm">
            <Link
              href={routes.traces({
                ...(service === undefined ? {} : { service }),
                attributes: toAttributeText({ [attribute.key]: text }),
              })}
              prefetch={false}
            >
              <Search aria-hidden />
            </Link>
          </IconButton>
        )}
        <CopyButton iconOnly label={attribute.key} text={text} />
      </dd>
    </div>
  );
}
