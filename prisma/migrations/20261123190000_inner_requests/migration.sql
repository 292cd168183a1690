-- Requests that services answer inside traces of others, so that a service behind a gateway has rates, errors and durations
-- of its own. The request that begins a trace is the trace's own row. What was read before is read again when somebody asks.
truncate facts.slice, facts.trace;
-- Whole traces are read again, too: they tell the requests of sources whose summaries do not.
truncate facts.sampled_trace cascade;
truncate facts.attribute;

alter table facts.trace
  -- Whether the span that begins the trace failed itself; null where the source does not tell.
  add column is_root_failed boolean,
  -- Its other requests are in facts.request: told with the summary, or read with the whole trace.
  add column has_requests boolean not null default false;

create table facts.request (
  source_id integer not null references facts.source on delete cascade,
  trace_id uuid not null,
  service text not null,
  operation text not null,
  start_us bigint not null,
  duration_us bigint not null,
  is_failed boolean not null,
  -- More than one where a trace has so many that nearly equal ones are kept together.
  weight integer not null
);
create index on facts.request (source_id, service, start_us);
create index on facts.request (source_id, trace_id);
