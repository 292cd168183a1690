import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { S3MigrationSnapshot } from "../contract";
import { keepText } from "./keep-text";
import { storeText } from "./migration-words";

/** From where to where, how it is checked and how hard it goes. */
export function MigrationFacts({ snapshot }: { snapshot: S3MigrationSnapshot }) {
  const { source, destination, reported } = snapshot;
  return (
    <>
      <span className="mono inline-flex min-w-0 flex-wrap items-center gap-x-2 text-ink">
        <span className="break-all">{storeText(source)}</span>
        <ArrowRight className="size-3.5 text-ink-3" aria-label="to" />
        <span className="break-all" title={endpointOf(destination)}>
          {storeText(destination)}
        </span>
      </span>
      <span>{modeText(snapshot)}</span>
      {reported === null && <HowItGoes snapshot={snapshot} />}
    </>
  );
}

function HowItGoes({ snapshot }: { snapshot: S3MigrationSnapshot }) {
  const { options, abilities, planHash, approval } = snapshot;
  const pace =
    options.limits.objectsPerSecond === undefined ? "no rate limit" : `at most ${options.limits.objectsPerSecond}/s`;
  return (
    <>
      {planHash !== null && (
        <Link
          className="link touch:inline-flex touch:min-h-11 touch:items-center"
          href={routes.s3Plan(snapshot.id)}
          title={approval?.planHash === null ? "Started before there was a plan to see" : `Plan ${planHash}`}
        >
          plan <span className="mono">{planHash.slice(0, 8)}</span>
        </Link>
      )}
      <span>{proofText(options)}</span>
      {keepText(options.keep).map((text) => (
        <span key={text}>{text}</span>
      ))}
      <span>
        {options.concurrency} in flight at most, {pace}
      </span>
      {abilities !== null && !abilities.ifNoneMatch && (
        <span className="text-warn">destination cannot refuse overwrites</span>
      )}
      {abilities !== null && !abilities.storesChecksum && (
        <span className="text-warn">destination keeps no checksums</span>
      )}
    </>
  );
}

function modeText({ options, phase }: S3MigrationSnapshot): string {
  if (phase === "retire") return "source being retired";
  if (options.mode === "verify_only") return "compared, nothing written";
  return options.mode === "reported" ? "reported by a job elsewhere" : "copy, source kept";
}

function proofText({ verify, verifySample }: S3MigrationSnapshot["options"]): string {
  if (verify === "sample") return `stored checksums asked, ${formatShare(verifySample.share)} read back`;
  return verify === "read_back" ? "every object read back" : "stored checksums asked";
}

function endpointOf(destination: S3MigrationSnapshot["destination"]): string {
  if (destination.kind === "elsewhere") return "as the job says";
  return destination.endpoint ?? "the worker's S3 endpoint";
}
