"use client";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import type { CompareReply } from "../../contract";
import { toCompareReport } from "../../domain/compare-view/compare-report";
import { toIssueLink } from "../../domain/verdict/issue-link";

type ReportDialogProps = {
  reply: CompareReply;
  title: string;
  names: { before: string; after: string };
  repositoryUrl: string | null;
  onClose: () => void;
};

/** The comparison as Markdown, to paste into an issue. */
export function ReportDialog({ reply, title, names, repositoryUrl, onClose }: ReportDialogProps) {
  const text = toCompareReport(reply, { title, ...names, url: window.location.href });
  return (
    <Dialog
      description="Markdown with the sum, the numbers, the steps that changed and how far they can be trusted. It names operations and statements without their values: read it before you post it."
      footer={
        <>
          <CopyButton className="h-8" label="the report" text={text} />
          {repositoryUrl !== null && (
            <Button asChild variant="primary">
              <a
                href={toIssueLink(repositoryUrl, { title, sections: text.trim().split("\n\n") })}
                rel="noopener noreferrer"
                target="_blank"
              >
                Open on GitHub
              </a>
            </Button>
          )}
        </>
      }
      onOpenChange={(isOpen) => !isOpen && onClose()}
      open
      title="Draft issue"
    >
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="mono max-h-[46vh] overflow-auto rounded-md border border-line bg-bg p-3 text-sm whitespace-pre-wrap"
      >
        {text}
      </pre>
    </Dialog>
  );
}
