"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Network } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card, CardHeader } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { Operation } from "../contract";
import { operationsQuery, servicesQuery } from "../queries";

/** The services that send spans and what each of them does; every line leads to its traces. */
export function ServicesScreen() {
  const services = useQuery(servicesQuery());
  const params = useSearchParams();
  const chosen = params.get("service") ?? services.data?.[0];
  const range = params.get("range") ?? undefined;
  const hasServices = services.data !== undefined && services.data.length > 0;
  return (
    <>
      <PageHeader
        breadcrumb={[{ label: "Services" }]}
        meta={hasServices ? `${formatCount(services.data.length)} seen in traces` : undefined}
        title="Services"
      />
      {hasServices ? (
        <div className="grid grid-cols-[280px_minmax(0,1fr)] items-start gap-2.5 max-tablet:grid-cols-1">
          <ServiceList chosen={chosen} range={range} services={services.data} />
          {chosen !== undefined && <Operations key={chosen} range={range} service={chosen} />}
        </div>
      ) : (
        <Card>
          {services.isPending && <LoadingRows rows={6} />}
          {services.isError && (
            <ErrorState onRetry={() => void services.refetch()} problem={services.error}>
              <p>Runbooks, runs and S3 migrations still work.</p>
            </ErrorState>
          )}
          {services.data?.length === 0 && (
            <EmptyState
              action={
                <Link className="link" href={routes.traces()}>
                  How to send traces
                </Link>
              }
              icon={<Network />}
              title="No services yet"
            >
              <p>A service stands here as soon as its first span has arrived.</p>
            </EmptyState>
          )}
        </Card>
      )}
    </>
  );
}

type ServiceListProps = { services: readonly string[]; chosen: string | undefined; range: string | undefined };

function ServiceList({ services, chosen, range }: ServiceListProps) {
  return (
    <Card aria-label="Services" className="overflow-clip">
      <ul>
        {services.map((service) => (
          <li className="border-b border-line last:border-b-0" key={service}>
            <Link
              aria-current={service === chosen ? "true" : undefined}
              className={classNames(
                "flex h-9 items-center gap-2.5 px-4 text-ink no-underline hover:bg-sunken touch:h-11",
                service === chosen && "bg-accent-soft font-medium",
              )}
              href={routes.services({ service, range })}
              scroll={false}
            >
              <ServiceMark service={service} />
              <span className="truncate">{service}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Operations({ service, range }: { service: string; range: string | undefined }) {
  const operations = useQuery(operationsQuery(service));
  return (
    <Card aria-labelledby="operations" className="overflow-clip">
      <CardHeader
        actions={
          <Link className="link text-sm" href={routes.traces({ service, range })}>
            Traces of {service}
          </Link>
        }
        id="operations"
        meta={operations.data === undefined ? undefined : formatCount(operations.data.length)}
        title="Operations"
      />
      {operations.isPending && <LoadingRows rows={8} />}
      {operations.isError && <ErrorState onRetry={() => void operations.refetch()} problem={operations.error} />}
      <ul>
        {(operations.data ?? []).map((operation) => (
          <OperationRow
            key={`${operation.name} ${operation.spanKind}`}
            operation={operation}
            range={range}
            service={service}
          />
        ))}
      </ul>
      {operations.data?.length === 0 && (
        <p className="px-4 py-6 text-center text-ink-3">It has sent no spans by name.</p>
      )}
      <p className="border-t border-line px-4 py-2.5 text-sm text-ink-3">
        Rates, error shares and percentiles are not shown: a list of operations is all the trace source tells without
        reading every trace.
      </p>
    </Card>
  );
}

type OperationRowProps = { operation: Operation; service: string; range: string | undefined };

function OperationRow({ operation, service, range }: OperationRowProps) {
  return (
    <li className="border-t border-line">
      <Link
        className="flex h-[34px] items-center gap-3 px-4 text-ink no-underline hover:bg-sunken touch:h-11"
        href={routes.traces({ service, operation: operation.name, range })}
        prefetch={false}
      >
        <span className="mono truncate">{operation.name}</span>
        <span className="ml-auto text-sm text-ink-3">{operation.spanKind}</span>
        <ChevronRight aria-hidden className="shrink-0 text-ink-3" size={14} />
      </Link>
    </li>
  );
}
