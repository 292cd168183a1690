import type { Element } from "hast";
import { CircleAlert, Info, Lightbulb, type LucideIcon, OctagonAlert, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { routes } from "@/lib/routes";
import { resolveLink } from "../../domain/link-target";
import { CheckedCopyButton } from "./checked-copy-button";
import { codeBlockOf } from "./fill-code-blocks";

/** Where the text comes from: what its relative links are relative to, and which of them are runbooks here. */
export type MarkdownPlace = {
  path: string;
  idByPath: Readonly<Record<string, string>>;
  /** What stands for `<placeholder>` in the commands of a run. */
  values?: Readonly<Record<string, string>>;
};
export type MarkdownComponents = ReturnType<typeof markdownComponents>;

type Props<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & { node?: Element };

const ALERTS: Record<string, { label: string; icon: LucideIcon }> = {
  note: { label: "Note", icon: Info },
  tip: { label: "Tip", icon: Lightbulb },
  important: { label: "Important", icon: CircleAlert },
  warning: { label: "Warning", icon: TriangleAlert },
  caution: { label: "Caution", icon: OctagonAlert },
};

/** How the parts of a runbook look. `compact` for a step's title: no paragraph around it. */
export function markdownComponents(place: MarkdownPlace, isCompact = false) {
  return {
    a: ({ href, children }: Props<"a">) => (
      <MarkdownLink href={href ?? ""} place={place}>
        {children}
      </MarkdownLink>
    ),
    img: ({ alt, src }: Props<"img">) => (
      <MarkdownPicture alt={alt ?? ""} src={typeof src === "string" ? src : ""} place={place} />
    ),
    // Other sources of a picture would be fetched from elsewhere.
    picture: ({ children }: Props<"picture">) => <>{children}</>,
    source: () => null,
    p: isCompact ? ({ children }: Props<"p">) => <>{children}</> : "p",
    pre: ({ node, children }: Props<"pre">) => <CodeBlock node={node}>{children}</CodeBlock>,
    blockquote: Quote,
    table: ({ node: _node, ...props }: Props<"table">) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      <section aria-label="Table" tabIndex={0} data-scroll>
        <table {...props} />
      </section>
    ),
    input: ({ checked }: Props<"input">) => (
      <span
        data-box
        role="img"
        aria-label={checked ? "ticked in the file" : "to do"}
        data-ticked={checked || undefined}
      />
    ),
    // The page has its own h1.
    h1: ({ node: _node, ...props }: Props<"h2">) => <h2 data-top {...props} />,
  } as const;
}

function MarkdownLink({ href, place, children }: { href: string; place: MarkdownPlace; children: ReactNode }) {
  const target = resolveLink(href, place.path);
  if (target.kind === "anchor")
    return <a href={`#user-content-${target.anchor.replace(/^user-content-/, "")}`}>{children}</a>;
  if (target.kind === "external") {
    return (
      <a href={target.url} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  }
  if (target.kind === "dropped") return <span title={target.reason}>{children}</span>;
  const id = place.idByPath[target.path] ?? place.idByPath[`${target.path}/README.md`.replace(/^\//, "")];
  if (id === undefined) return <span title={`${target.path}: no runbook, not shown here`}>{children}</span>;
  const anchor = target.anchor === "" ? "" : `#user-content-${target.anchor}`;
  return <Link href={routes.runbook(id, {}, anchor)}>{children}</Link>;
}

/** A picture could call home or show what is not in the file's commit: its words stand in for it. */
function MarkdownPicture({ alt, src, place }: { alt: string; src: string; place: MarkdownPlace }) {
  const target = resolveLink(src, place.path);
  const where = target.kind === "file" ? target.path : target.kind === "external" ? new URL(target.url).host : "";
  const words = `Picture, not shown here: ${alt === "" ? "no description" : alt}${where === "" ? "" : ` (${where})`}`;
  // Drawn by the style sheet: what stands in for a picture is no part of the text.
  return <span data-picture={words} role="img" aria-label={words} />;
}

function CodeBlock({ node, children }: { node: Element | undefined; children: ReactNode }) {
  const { language, command } = codeBlockOf(node);
  const isFilled = command.parts.some(({ name, isLeftOut }) => name !== undefined && isLeftOut !== true);
  return (
    <figure data-code>
      <figcaption>
        <span data-language={language ?? "text"} />
        {command.doubts.length > 0 ? (
          <>
            <span>
              {command.doubts.some(({ isLeftOut }) => isLeftOut) ? "not all filled in" : "look at its values first"}
            </span>
            <CheckedCopyButton className="no-print ml-auto" doubts={command.doubts} text={command.text} />
          </>
        ) : (
          <>
            {isFilled && <span>copies with the values of this run</span>}
            <CopyButton text={command.text} label="the code" className="no-print ml-auto touch:h-10" />
          </>
        )}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{children}</pre>
    </figure>
  );
}

function Quote({ node: _node, className, children, ...props }: Props<"blockquote">) {
  const kind = /alert-(\w+)/.exec(className ?? "")?.[1];
  const alert = kind === undefined ? undefined : ALERTS[kind];
  if (alert === undefined) return <blockquote {...props}>{children}</blockquote>;
  const Icon = alert.icon;
  return (
    <aside data-alert={kind} aria-label={alert.label}>
      <p data-alert-title>
        <Icon aria-hidden /> {alert.label}
      </p>
      {children}
    </aside>
  );
}
