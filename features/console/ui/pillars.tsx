"use client";

import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesGantt, CloudUpload, NotebookText } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { Connection } from "../contract";
import { healthQuery, runbooksQuery, traceSourceQuery } from "../queries";
import { CommandBlock, Yours } from "./command-block";
import { PillarRow } from "./pillar-row";
import { RunbooksSketch, S3MigrationSketch, TracesSketch } from "./sketches";

type PillarProps = { connection: Connection };

export function TracesPillar({ connection: { otlpUrl, foreignJaegerUrl } }: PillarProps) {
  const source = useQuery(traceSourceQuery).data;
  const isDown = source?.state === "down";
  const listening = (
    <>
      Listening on <span className="mono">{otlpUrl.replace("http://", "")}</span>. No traces yet
    </>
  );
  const reading = (
    <>
      Reading <span className="mono">{foreignJaegerUrl}</span>. No traces in this window
    </>
  );
  return (
    <PillarRow
      id="first-traces"
      icon={ChartNoAxesGantt}
      title="Traces"
      tone={isDown ? "bad" : "running"}
      status={
        isDown ? (source.reason ?? "The trace source does not answer") : foreignJaegerUrl === null ? listening : reading
      }
      commands={
        <>
          <CommandBlock
            title="Environment of the app, any OpenTelemetry SDK"
            text={`OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nOTEL_SERVICE_NAME=my-app`}
          >
            OTEL_EXPORTER_OTLP_ENDPOINT=<Yours>{otlpUrl}</Yours>
            {"\n"}OTEL_EXPORTER_OTLP_PROTOCOL=<Yours>http/protobuf</Yours>
            {"\n"}OTEL_SERVICE_NAME=<Yours>my-app</Yours>
          </CommandBlock>
          <CommandBlock title="Or read a Jaeger you already have" text="JAEGER_URL=http://jaeger:16686 npm start">
            JAEGER_URL=<Yours>http://jaeger:16686</Yours> npm start
          </CommandBlock>
        </>
      }
      sketch={<TracesSketch />}
      caption="How many, how slow and which failed, per operation"
    >
      Which requests are slow or failed, and where in each one the time went.
    </PillarRow>
  );
}

const FIRST_RUNBOOK =
  "# Restart Sidekiq\n- [ ] Look first: `kamal app logs --roles sidekiq`\n- [ ] Restart it: `kamal app boot --roles sidekiq`";

export function RunbooksPillar({ connection: { runbookSources } }: PillarProps) {
  const list = useQuery(runbooksQuery).data;
  return (
    <PillarRow
      id="first-runbooks"
      icon={NotebookText}
      title="Runbooks"
      tone={list?.sources.some(({ failure }) => failure !== null) ? "warn" : "running"}
      status={
        <>
          Reading <span className="mono">{runbookSources.join(", ")}</span>
          {list !== undefined && (
            <>
              . Files found: <span className="font-semibold text-ink">{formatCount(list.runbooks.length)}</span>
            </>
          )}
        </>
      }
      action={
        <Button asChild size="sm">
          <Link href={routes.runbooks()}>Look at them</Link>
        </Button>
      }
      commands={
        <>
          <CommandBlock
            title="Read them from a repository"
            text="RUNBOOKS=git+https://github.com/CircuitVerse/infra.git npm start"
          >
            RUNBOOKS=<Yours>git+https://github.com/CircuitVerse/infra.git</Yours> npm start
          </CommandBlock>
          <CommandBlock title="Or put a file in the watched folder: runbooks/restart-sidekiq.md" text={FIRST_RUNBOOK} />
        </>
      }
      sketch={<RunbooksSketch />}
      caption="Steps people tick together, live, and the record they leave"
    >
      Plain Markdown from a folder or from git, followed together as checklists. Never executed.
    </PillarRow>
  );
}

export function S3MigrationPillar({ connection: { s3Endpoint, awsProfile } }: PillarProps) {
  const worker = useQuery(healthQuery).data?.components.find(({ name }) => name === "worker");
  return (
    <PillarRow
      id="first-migration"
      icon={CloudUpload}
      title="S3 migrations"
      tone={worker === undefined ? "neutral" : worker.status === "ok" ? "running" : "warn"}
      status={
        <>
          {worker === undefined || worker.status === "ok"
            ? "The worker waits."
            : `The worker ${worker.detail ?? "is not well"}.`}{" "}
          It writes to {s3Endpoint === null ? "Amazon S3" : <span className="mono">{s3Endpoint}</span>}
          {awsProfile !== null && (
            <>
              {" with the profile "}
              <span className="mono">{awsProfile}</span>
            </>
          )}
        </>
      }
      action={
        <Button asChild size="sm">
          <Link href={routes.newS3Migration()}>Set one up step by step</Link>
        </Button>
      }
      commands={
        <>
          <CommandBlock
            title="List and plan; copies nothing until it is started"
            text={
              "node bin/ops-console.mjs s3 plan \\\n  --from ./storage/previews \\\n  --to s3://circuitverse-previews"
            }
          >
            node bin/ops-console.mjs s3 plan \{"\n  --from "}
            <Yours>./storage/previews</Yours> \{"\n  --to "}
            <Yours>s3://circuitverse-previews</Yours>
          </CommandBlock>
          <CommandBlock
            title="An S3-compatible service instead of Amazon's"
            text="S3_ENDPOINT=http://127.0.0.1:9000 AWS_PROFILE=previews npm start"
          >
            S3_ENDPOINT=<Yours>http://127.0.0.1:9000</Yours> AWS_PROFILE=<Yours>previews</Yours> npm start
          </CommandBlock>
        </>
      }
      sketch={<S3MigrationSketch />}
      caption="Progress, rate, what failed and why, what is proven"
    >
      Objects moved and proven, with an honest ETA. The database keeps the name of a key, never the key.
    </PillarRow>
  );
}
