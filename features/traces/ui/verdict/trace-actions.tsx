"use client";

import { CircleDot, ClipboardList, Download, Link2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { traceDownloadUrl } from "../../queries";

export type TraceActionsProps = {
  traceId: string;
  /** The report as Markdown, made when it is asked for: the address in it is that of the moment. */
  makeReport: () => string;
  /** Opens a draft of an issue; undefined where no repository is set. */
  makeIssueLink: (() => string) | undefined;
};

/** What to do with a trace: copy the report, draft an issue, share the view, keep the file. */
export function TraceActions({ traceId, makeReport, makeIssueLink }: TraceActionsProps) {
  return (
    <>
      <CopyReportButton makeReport={makeReport} />
      {makeIssueLink !== undefined && (
        <Button
          icon={<CircleDot aria-hidden />}
          onClick={() => window.open(makeIssueLink(), "_blank", "noopener,noreferrer")}
          size="sm"
          title="Opens GitHub's form for a new issue with the report in it"
        >
          <span className="max-phone:sr-only">Draft issue</span>
        </Button>
      )}
      <CopyLinkButton />
      <Menu
        label="Download this trace"
        trigger={
          <IconButton label="Download">
            <Download aria-hidden />
          </IconButton>
        }
      >
        <MenuItem asChild>
          <a download href={traceDownloadUrl(traceId, "otlp")}>
            OTLP JSON
          </a>
        </MenuItem>
        <MenuItem asChild>
          <a download href={traceDownloadUrl(traceId, "jaeger")}>
            Jaeger JSON
          </a>
        </MenuItem>
      </Menu>
    </>
  );
}

function CopyReportButton({ makeReport }: { makeReport: () => string }) {
  const idle = "Copy report";
  const { said, copy, reset } = useCopied(idle);
  return (
    <Button
      icon={<ClipboardList aria-hidden />}
      onBlur={reset}
      onClick={() => copy(makeReport())}
      size="sm"
      title="Verdict, ledger, findings and facts as Markdown"
    >
      <span aria-live="polite" className={said === idle ? "max-phone:sr-only" : ""}>
        {said}
      </span>
    </Button>
  );
}

/** The address at the moment of the click holds view, finding and span. */
function CopyLinkButton() {
  const idle = "Copy link";
  const { said, copy, reset } = useCopied(idle);
  return (
    <Button icon={<Link2 aria-hidden />} onBlur={reset} onClick={() => copy(window.location.href)} size="sm">
      <span aria-live="polite" className={said === idle ? "max-phone:sr-only" : ""}>
        {said}
      </span>
    </Button>
  );
}

function useCopied(idle: string) {
  const [said, setSaid] = useState(idle);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed"),
    );
  };
  return { said, copy, reset: () => setSaid(idle) };
}
