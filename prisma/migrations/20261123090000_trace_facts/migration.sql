-- What the console has read of its trace source: one row per trace summary, and which stretches of time were read. A cache
-- that can be dropped at any time. Written and read by hand-written SQL, so it is a Postgres schema of its own that Prisma
-- does not know. Times are epoch microseconds, as everywhere about spans.
create schema facts;

-- One row per Jaeger the console has been pointed at, by host, port and base path.
create table facts.source (
  id integer generated always as identity primary key,
  identity text not null unique
);

-- One row per trace. `services` is [[name, spans, failed spans], ...]; `service_names` the same names, to search.
create table facts.trace (
  source_id integer not null references facts.source on delete cascade,
  trace_id uuid not null,
  start_us bigint not null,
  duration_us bigint not null,
  span_count integer not null,
  error_span_count integer not null,
  orphan_span_count integer not null,
  is_own boolean not null,
  root_service text not null,
  root_operation text not null,
  service_names text[] not null,
  services jsonb not null,
  primary key (source_id, trace_id)
);
create index on facts.trace (source_id, start_us, trace_id);
create index on facts.trace (source_id, duration_us, trace_id);
create index on facts.trace (source_id, root_service, start_us);

-- A stretch [from_us, to_us) that was read. Stretches of one source never overlap. Settled: read long enough after its end
-- that no more traces are expected. Truncated: one second that held more traces than the source gives at once.
create table facts.slice (
  source_id integer not null references facts.source on delete cascade,
  from_us bigint not null,
  to_us bigint not null check (to_us > from_us),
  held_count integer not null,
  is_settled boolean not null,
  is_truncated boolean not null,
  read_at timestamptz not null default now(),
  primary key (source_id, from_us)
);

-- Who is reading an hour of a source now. A process that dies loses its lease; the fence makes its late write fail.
create table facts.lease (
  source_id integer not null references facts.source on delete cascade,
  hour integer not null,
  fence bigint not null default 1,
  owner text not null,
  until timestamptz not null,
  primary key (source_id, hour)
);

-- Whole traces that were read for their attributes, calls and versions; each counts once.
create table facts.sampled_trace (
  source_id integer not null references facts.source on delete cascade,
  trace_id uuid not null,
  start_us bigint not null,
  sampled_at timestamptz not null default now(),
  primary key (source_id, trace_id)
);
create index on facts.sampled_trace (source_id, start_us);

-- Attribute keys and values seen on the spans of a service in sampled traces.
create table facts.attribute (
  source_id integer not null references facts.source on delete cascade,
  service text not null,
  key text not null,
  value text not null,
  trace_count integer not null,
  last_seen timestamptz not null default now(),
  primary key (source_id, service, key, value)
);
create index on facts.attribute (source_id, key, trace_count desc);

-- Calls between services in one sampled trace; durations are those the caller saw.
create table facts.call_sample (
  source_id integer not null,
  trace_id uuid not null,
  start_us bigint not null,
  parent text not null,
  child text not null,
  is_remote boolean not null,
  call_count integer not null,
  error_count integer not null,
  durations_us bigint[] not null,
  primary key (source_id, trace_id, parent, child),
  foreign key (source_id, trace_id) references facts.sampled_trace on delete cascade
);
create index on facts.call_sample (source_id, start_us);

-- Versions a service ran, by `service.version` of its spans.
create table facts.service_version (
  source_id integer not null references facts.source on delete cascade,
  service text not null,
  version text not null,
  first_us bigint not null,
  last_us bigint not null,
  primary key (source_id, service, version)
);

-- Deploys reported to the console. These are told, not read, so they stay when the cache is dropped.
create table facts.deploy (
  id uuid primary key,
  service text not null,
  version text not null,
  at_us bigint not null,
  reported_by text not null,
  reported_at timestamptz not null default now()
);
create index on facts.deploy (service, at_us desc);

create table facts.saved_search (
  id uuid primary key,
  name text not null unique,
  line text not null,
  params text not null,
  created_by text not null,
  created_at timestamptz not null default now()
);
