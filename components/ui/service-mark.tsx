import { SERVICE_SHAPES, serviceStyle } from "./service-style";

type ServiceMarkProps = {
  service: string;
  /** px; 10 beside text. */
  size?: number;
  /** Names the mark where the service's name does not stand beside it. */
  labelled?: boolean;
};

/** A service's shape in its colour. */
export function ServiceMark({ service, size = 10, labelled = false }: ServiceMarkProps) {
  const { colour, shape } = serviceStyle(service);
  return (
    <svg
      viewBox="0 0 10 10"
      width={size}
      height={size}
      className="inline-block shrink-0"
      role={labelled ? "img" : undefined}
      aria-label={labelled ? service : undefined}
      aria-hidden={!labelled}
    >
      <path d={SERVICE_SHAPES[shape]} fill={`var(--${colour})`} />
    </svg>
  );
}

/** The mark and the name, on one line. */
export function ServiceName({ service }: { service: string }) {
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-[7px] normal-nums">
      <ServiceMark service={service} />
      <bdi className="truncate" title={service}>
        {service}
      </bdi>
    </span>
  );
}
