"use client";

import { type ReactNode, useMemo, useState } from "react";
import type { RunDetail, RunSnapshot } from "../contract";
import { countSteps } from "../domain/run-state";
import { ApprovalCards } from "./approval-cards";
import { BackOutBanner } from "./back-out";
import { MovedBanner, NameBanner, OfflineBanner } from "./run-banners";
import { RunDock } from "./run-dock";
import { RunHeader } from "./run-header";
import { RunKeys } from "./run-keys";
import { RunPeople } from "./run-people";
import { RunRefusals } from "./run-refusals";
import { RunSection } from "./run-section";
import { RunStrip } from "./run-strip";
import { RunTimeline } from "./run-timeline";
import { type ShownSection, toShownSteps } from "./shown-steps";
import { type RunAction, useLiveRun } from "./use-live-run";
import { useViewerName } from "./viewer-name";

type RunBoardProps = {
  initial: RunSnapshot;
  params: Record<string, string>;
  roles: string[];
  /** The runbook has steps to go back by. */
  canBackOut: boolean;
  runbookNow: RunDetail["runbookNow"];
  usualDuration: RunDetail["usualDuration"];
  sections: ShownSection[];
  /** Rendered Markdown by step id. */
  titles: Record<string, ReactNode>;
  bodies: Record<string, ReactNode>;
};

/** A run being followed: what everybody did, live, and this reader's own ticks, marked until they are acknowledged. */
export function RunBoard({
  initial,
  params,
  roles,
  canBackOut,
  runbookNow,
  usualDuration,
  sections,
  titles,
  bodies,
}: RunBoardProps) {
  const { snapshot, box, live, act, cancel, dismiss } = useLiveRun(initial);
  const name = useViewerName();
  const [unsigned, setUnsigned] = useState<RunAction>();
  const parts = useMemo(
    () => sections.flatMap((section) => section.parts.flatMap((part) => (part.kind === "step" ? [part] : []))),
    [sections],
  );
  const steps = toShownSteps(snapshot, box, parts);
  const counts = countSteps(
    snapshot,
    parts.map(({ id }) => id),
  );
  const isActive = snapshot.status === "active";
  /** A tick without a name would be nobody's: ask once, then go on with what was asked for. */
  const handleAct = (action: RunAction) => (name === "" ? setUnsigned(action) : act(action));
  const sectionsWithSteps = sections.filter(({ parts }) => parts.some(({ kind }) => kind === "step"));
  return (
    <div className="pb-16">
      <RunHeader
        usualDuration={usualDuration}
        snapshot={snapshot}
        params={params}
        counts={counts}
        live={live}
        canBackOut={canBackOut}
        onAct={handleAct}
      />
      {isActive && snapshot.backOut !== null && (
        <BackOutBanner snapshot={snapshot} viewerName={name ?? ""} onAct={handleAct} />
      )}
      {runbookNow !== "same" && isActive && <MovedBanner run={snapshot} runbookNow={runbookNow} />}
      {(box.isOffline || live.state === "polling") && isActive && (
        <OfflineBanner pendingCount={box.pending.length} lastAt={live.lastAt} isSendFailing={box.isOffline} />
      )}
      {unsigned !== undefined && (
        <NameBanner
          onDone={() => {
            setUnsigned(undefined);
            act(unsigned);
          }}
        />
      )}
      <RunStrip sections={sectionsWithSteps} steps={steps} counts={counts} />
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)_328px] items-start gap-6 max-desk:grid-cols-1 print:block">
        <div id="steps" className="min-w-0">
          {sections.map((section) => (
            <RunSection
              runId={snapshot.id}
              key={section.key}
              section={section}
              steps={steps}
              titles={titles}
              bodies={bodies}
              isActive={isActive}
              params={params}
              viewerName={name ?? ""}
              refusals={box.refusals}
              onAct={handleAct}
              onCancel={cancel}
              onDismiss={dismiss}
            />
          ))}
          <RunRefusals refusals={box.refusals.filter(({ stepId }) => stepId === undefined)} onDismiss={dismiss} />
        </div>
        <div className="sticky top-16 grid gap-4 max-desk:static">
          {isActive && <ApprovalCards steps={steps} parts={parts} viewerName={name ?? ""} onAct={handleAct} />}
          {isActive && (
            <RunPeople snapshot={snapshot} roles={roles} viewerName={name ?? ""} steps={steps} onAct={handleAct} />
          )}
          <RunTimeline snapshot={snapshot} steps={steps} isActive={isActive} onAct={handleAct} />
        </div>
      </div>
      {isActive && <RunDock counts={counts} steps={steps} onAct={handleAct} />}
      <RunKeys />
    </div>
  );
}
