import Link from "next/link";
import { type ReactNode, useMemo } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { Attribute, SimilarCalls, SpanDetail } from "../../contract";
import { attributeText } from "../../domain/attribute-value-text";
import { movedUs } from "../../domain/clock-shifts";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { AttributeList, type AttributeMark } from "../attribute-list";

/** What a database span ran, in the old and the stable words of the conventions. */
const STATEMENT_KEYS = ["db.query.text", "db.statement"];

type SpanDetailsProps = {
  detail: SpanDetail;
  trace: TraceSkeleton;
  /** How it compares with the calls of its fold. */
  similar?: SimilarCalls | undefined;
};

/** Everything a span says about itself: status, statement, events, attributes, links, resource. */
export function SpanDetails({ detail, trace, similar }: SpanDetailsProps) {
  const markOf = useMemo(() => (similar === undefined ? undefined : attributeMarks(similar)), [similar]);
  const statement = detail.attributes.find(({ key }) => STATEMENT_KEYS.includes(key));
  const rest = detail.attributes.filter((attribute) => attribute !== statement);
  return (
    <>
      {detail.status.code === "error" && (
        <Section title="Failed">
          <p className="flex items-start gap-2 text-sm text-bad [overflow-wrap:anywhere]">
            <StateGlyph tone="bad" />
            {detail.status.message || "The span says it failed, and not why."}
          </p>
        </Section>
      )}
      {detail.warnings.length > 0 && (
        <Section title="Warnings of the source">
          <ul className="list-disc pl-4 text-sm text-warn">
            {detail.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Section>
      )}
      {statement !== undefined && <Statement mark={markOf?.(statement.key)} statement={statement} />}
      {detail.events.length > 0 && <Events detail={detail} trace={trace} />}
      <Section
        count={rest.length}
        hint={markOf === undefined ? undefined : similarHint(similar?.compared ?? 0)}
        title="Attributes"
      >
        {rest.length === 0 ? <Nothing /> : <AttributeList attributes={rest} markOf={markOf} service={detail.service} />}
      </Section>
      {detail.links.length > 0 && <Links detail={detail} />}
      <Section count={detail.resource.length} title="Resource">
        {detail.resource.length === 0 ? <Nothing /> : <AttributeList attributes={detail.resource} />}
        {detail.scope.name !== "" && (
          <p className="mono mt-1 text-[11.5px] text-ink-3 [overflow-wrap:anywhere]">
            recorded by {detail.scope.name} {detail.scope.version}
          </p>
        )}
      </Section>
    </>
  );
}

function similarHint(compared: number): string {
  return `= same in all ${formatCount(compared)}, ≠ differs`;
}

function attributeMarks({ same, differs, compared }: SimilarCalls): (key: string) => AttributeMark | undefined {
  const marks = new Map<string, AttributeMark>(
    same.map((key) => [key, { sign: "=", words: `the same in all ${formatCount(compared)} calls` }]),
  );
  for (const { key, distinct, values } of differs) {
    const told = values.map(({ text, count }) => `${formatCount(count)} × ${text}`).join("\n");
    marks.set(key, { sign: "≠", words: `${formatCount(distinct)} values in ${formatCount(compared)} calls\n${told}` });
  }
  return (key) => marks.get(key);
}

function Section({
  title,
  count,
  hint,
  action,
  children,
}: {
  title: string;
  count?: number;
  hint?: string | undefined;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="border-b border-line px-3 py-2.5 last:border-b-0">
      <h3 className="mb-1 flex min-h-6 items-center gap-1.5 text-xs text-ink-3">
        {title}
        {count !== undefined && <span className="font-normal">{formatCount(count)}</span>}
        {hint !== undefined && <span className="ml-2 font-normal">{hint}</span>}
        {action !== undefined && <span className="ml-auto">{action}</span>}
      </h3>
      {children}
    </section>
  );
}

const Nothing = () => <p className="text-sm text-ink-3">None.</p>;

function Statement({ statement, mark }: { statement: Attribute; mark: AttributeMark | undefined }) {
  const text = attributeText(statement);
  const title = mark === undefined ? "Statement" : `Statement, ${mark.words.split("\n", 1)[0]}`;
  return (
    <Section action={<CopyButton iconOnly label="the statement" text={text} />} title={title}>
      <pre className="mono max-h-60 overflow-auto rounded-md bg-sunken px-2.5 py-2 text-[11.5px]/[17px] whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text}
      </pre>
    </Section>
  );
}

function Events({ detail, trace }: { detail: SpanDetail; trace: TraceSkeleton }) {
  const byUs = movedUs(trace, detail.row);
  return (
    <Section count={detail.events.length} title="Events">
      <ol className="grid gap-1.5">
        {detail.events.map((event, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity and never move
          <li className="grid grid-cols-[64px_minmax(0,1fr)] gap-x-2 text-sm" key={at}>
            <span
              className="mono text-[11.5px] text-ink-3"
              title={`${formatDuration(event.timeUs + byUs - trace.startUs)} into the trace`}
            >
              +{formatDuration(event.timeUs - detail.startUs)}
            </span>
            <div className="min-w-0">
              <p className="font-medium [overflow-wrap:anywhere]">{event.name}</p>
              <AttributeList attributes={event.attributes} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Links({ detail }: { detail: SpanDetail }) {
  return (
    <Section count={detail.links.length} title="Links to other traces">
      <ul className="grid gap-1.5 text-sm">
        {detail.links.map((link) => (
          <li key={`${link.traceId} ${link.spanId}`}>
            <Link className="link mono" href={routes.trace(link.traceId, { span: link.spanId })} prefetch={false}>
              {link.traceId.slice(0, 16)}
            </Link>
            <AttributeList attributes={link.attributes} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
