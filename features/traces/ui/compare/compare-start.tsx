"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { routes } from "@/lib/routes";
import type { TimeWindow } from "@/lib/time-range";
import { type CompareSides, releaseSides, timeSides } from "../../domain/compare-view/compare-side";
import { isOwnService } from "../../domain/own-traces";
import { operationsQuery, servicesQuery } from "../../queries";
import { deploysQuery } from "../group-queries";

type CompareStartProps = {
  /** Which side the address does not tell, or tells wrongly. */
  problem: string | undefined;
  window: () => TimeWindow;
  onSides: (sides: CompareSides) => void;
  onPick: () => void;
};

/** Nothing chosen yet: an operation, and what of it to compare. */
export function CompareStart({ problem, window, onSides, onPick }: CompareStartProps) {
  const services = useQuery(servicesQuery());
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [operation, setOperation] = useState("");
  const service = chosen ?? services.data?.find((name) => !isOwnService(name)) ?? services.data?.[0] ?? "";
  const operations = useQuery(operationsQuery(service));
  const deploys = useQuery(deploysQuery(service));
  const [deploy] = deploys.data ?? [];
  const subject = { service, operation };
  return (
    <>
      <PageHeader breadcrumb={[{ label: "Traces", href: routes.traces() }, { label: "Compare" }]} title="Compare" />
      <Card>
        <EmptyState icon={<ArrowLeftRight />} title={problem ?? "What should be compared?"}>
          <p>
            Two groups of requests, or two traces, lined up step by step: what is new, gone, slower, and by how much.
          </p>
          <div className="mx-auto mt-4 grid max-w-[420px] gap-3 text-left">
            <Field label="Service">
              <Select onChange={(event) => setChosen(event.target.value)} value={service}>
                {(services.data ?? []).map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            </Field>
            <Field label="Operation">
              <Select onChange={(event) => setOperation(event.target.value)} value={operation}>
                <option value="">All operations</option>
                {[...new Set((operations.data ?? []).map(({ name }) => name))].map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            </Field>
            <div className="flex flex-wrap gap-2">
              <Button
                disabled={deploy === undefined}
                onClick={() => deploy !== undefined && onSides(releaseSides(subject, deploy, window()))}
                title={deploy === undefined ? "No deploy of this service is known." : undefined}
                variant="primary"
              >
                {deploy === undefined ? "Before and after a deploy" : `Before and after ${deploy.version}`}
              </Button>
              <Button disabled={service === ""} onClick={() => onSides(timeSides(subject, window()))}>
                Then and now
              </Button>
              <Button onClick={onPick} variant="ghost">
                Choose each side
              </Button>
            </div>
          </div>
        </EmptyState>
      </Card>
    </>
  );
}
