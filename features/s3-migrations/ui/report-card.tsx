"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, ExternalLink } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import type { ReportFormat, S3MigrationSnapshot } from "../contract";
import { manifestKeyQuery, s3ReportUrl } from "../queries";

type ReportLine = { format: ReportFormat; name: string; note: string };
const LINES: readonly ReportLine[] = [
  {
    format: "html",
    name: "Report",
    note: "the books, the proof, who commanded what and what failed: to read and print",
  },
  { format: "csv", name: "Every object", note: "a line each, with state, proof and checksums, for a spreadsheet" },
  { format: "json", name: "For programs", note: "the same numbers and every failure, as one JSON document" },
  {
    format: "manifest",
    name: "Signed manifest",
    note: "what is at the destination, to be checked without this console",
  },
];

/** What can be taken away as proof, and how anybody checks it offline. Nothing before the inventory is sealed. */
export function ReportCard({ id, snapshot }: { id: string; snapshot: S3MigrationSnapshot }) {
  const [isShown, setShown] = useState(false);
  if (snapshot.inventory.sealedAt === null || snapshot.reported !== null) return null;
  return (
    <Card aria-labelledby="report" className="scroll-mt-16">
      <CardHeader id="report" title="Report" meta="as it stands now; nothing of it is kept here" />
      <ul className="border-t border-line">
        {LINES.map(({ format, name, note }) => (
          <li
            key={format}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0 max-phone:px-3.5"
          >
            <p className="min-w-0 grow basis-64">
              <b className="font-[550]">{name}</b> <span className="text-sm text-ink-3">{note}</span>
            </p>
            {format === "html" && (
              <Link href={s3ReportUrl(id, format, "page")} label="Open" isPage icon={<ExternalLink aria-hidden />} />
            )}
            {format === "manifest" && (
              <Button size="sm" variant="ghost" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
                How to check it
              </Button>
            )}
            <Link
              href={s3ReportUrl(id, format)}
              label={format === "manifest" ? "JSON lines" : format.toUpperCase()}
              icon={<Download aria-hidden />}
            />
          </li>
        ))}
      </ul>
      {isShown && <HowToCheck id={id} />}
    </Card>
  );
}

function Link({
  href,
  label,
  icon,
  isPage = false,
}: {
  href: string;
  label: string;
  icon: ReactNode;
  isPage?: boolean;
}) {
  return (
    <Button asChild size="sm" icon={icon}>
      <a href={href} {...(isPage ? { target: "_blank", rel: "noreferrer" } : { download: "" })}>
        {label}
      </a>
    </Button>
  );
}

function HowToCheck({ id }: { id: string }) {
  const { data, error } = useQuery(manifestKeyQuery());
  const file = `s3-migration-${id}.manifest.jsonl`;
  const check = `node clients/verify-manifest.mjs ${file} --key public.pem --directory ./restored`;
  return (
    <div className="grid gap-2 border-t border-line px-4 py-3 text-md text-ink-2 max-phone:px-3.5">
      <p>
        The checker is one file, <span className="mono">clients/verify-manifest.mjs</span>. It asks nothing of the
        console or the network: it checks the signature and the sums, then every file of a directory, or a listing of
        the bucket with <span className="mono">--listing listing.json</span>, and names what does not agree.
      </p>
      <Command text={check} label="the check" />
      {error !== null && <ErrorState problem={error} />}
      {data === undefined && error === null && <Skeleton className="h-10 w-full" />}
      {data !== undefined && (
        <>
          <p>
            Give the public key to whoever checks, by another way than the manifest. They compare its fingerprint:{" "}
            <span className="mono break-all text-ink">{data.fingerprint}</span>
          </p>
          <Command text={data.publicKey.trim()} label="the public key" />
        </>
      )}
    </div>
  );
}

function Command({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-2.5">
      <pre className="mono min-w-0 grow py-0.5 whitespace-pre-wrap [overflow-wrap:anywhere] text-ink">{text}</pre>
      <CopyButton text={text} label={label} />
    </div>
  );
}
