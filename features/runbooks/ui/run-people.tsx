"use client";

import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { toShownName } from "@/lib/viewer-name";
import type { RunSnapshot } from "../contract";
import { Avatar } from "./avatar";
import type { ShownSteps } from "./shown-steps";
import type { RunAction } from "./use-live-run";
import { useRunPeople } from "./use-run-people";

type RunPeopleProps = {
  snapshot: RunSnapshot;
  roles: readonly string[];
  viewerName: string;
  steps: ShownSteps;
  onAct: (action: RunAction) => void;
};

/** Who is here and at which step, and who holds which role; a role is taken over in one press. */
export function RunPeople({ snapshot, roles, viewerName, steps, onAct }: RunPeopleProps) {
  const own = [...steps.values()].find(({ state }) => state.by === viewerName && state.status === "doing");
  const at = own ?? [...steps.values()].find(({ isCurrent }) => isCurrent);
  const people = useRunPeople(snapshot.id, at?.id, viewerName);
  if (people.length === 0 && roles.length === 0) return null;
  const rolesOf = (person: string) => roles.filter((role) => snapshot.roles[role] === person);
  return (
    <Card aria-labelledby="people-title" className="no-print">
      <CardHeader
        id="people-title"
        title="Here now"
        meta={people.length === 1 ? "1 person" : `${people.length} people`}
      />
      <ul className="border-t border-line">
        {people.map(({ person, stepId }) => (
          <li key={person} className="flex items-center gap-2 px-3 py-1.5 text-sm">
            <Avatar name={toShownName(person)} />
            <span className="min-w-0 grow">
              <b className="font-semibold">{toShownName(person)}</b>
              <span className="text-ink-3">
                {" "}
                {[...rolesOf(person), stepId === null ? "" : `at step ${stepId}`].filter(Boolean).join(", ")}
              </span>
            </span>
            {person === viewerName && <span className="text-ink-3">you</span>}
          </li>
        ))}
      </ul>
      {roles.length > 0 && (
        <ul aria-label="Roles" className="border-t border-line py-1">
          {roles.map((role) => (
            <li key={role} className="flex items-center gap-2 px-3 py-1 text-sm">
              <span className="w-24 truncate text-ink-3">{role}</span>
              <span className="min-w-0 grow truncate">{toShownName(snapshot.roles[role] ?? "") || "nobody"}</span>
              {viewerName !== "" && snapshot.roles[role] !== viewerName && (
                <Button size="sm" variant="ghost" onClick={() => onAct({ type: "assign", role, person: viewerName })}>
                  Take over
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
