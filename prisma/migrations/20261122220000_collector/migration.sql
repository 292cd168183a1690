-- Spans of the embedded collector. Written by COPY and read by hand-written SQL, so it is a Postgres schema of its own
-- that Prisma does not know.
create schema collector;

create sequence collector.fragment_id;

-- Spans of one trace that arrived in one request. `spans` is an OTLP TracesData message, after one byte that says how it
-- is packed (0 plain, 1 deflate). `bloom` holds the tokens a search can ask for (features/collector/domain/token.ts).
create table collector.fragment (
  id bigint not null default nextval('collector.fragment_id'),
  segment integer not null,
  trace_id uuid not null,
  min_start_ns bigint not null,
  max_start_ns bigint not null,
  max_duration_ns bigint not null,
  span_count integer not null,
  error_count integer not null,
  services text[] not null,
  bloom bytea not null,
  spans bytea not null
) partition by list (segment);

-- A segment is one partition: a stretch of arrival time, opened ahead of use and dropped whole when it is too old or the
-- store too large. Arrival, not start, decides: late and future spans need no partition of their own.
create table collector.segment (
  number integer primary key,
  opened_at timestamptz not null,
  closed_at timestamptz
);

create table collector.operation (
  service text not null,
  name text not null,
  kind smallint not null,
  last_seen timestamptz not null default now(),
  primary key (service, name, kind)
);

create table collector.ingest_total (
  id integer primary key check (id = 1),
  spans bigint not null default 0,
  rejected bigint not null default 0,
  last_received_at timestamptz
);
insert into collector.ingest_total (id) values (1);

-- Opens a segment: its partition, and the two indexes every search and every trace by id uses.
create function collector.open_segment(wanted integer) returns void language plpgsql as $$
begin
  execute format('create table collector.fragment_%s partition of collector.fragment for values in (%s)', wanted, wanted);
  -- Spans lie out of line, so that a search passes over narrow rows; they are packed before they come here.
  execute format('alter table collector.fragment_%s set (toast_tuple_target = 512)', wanted);
  execute format('alter table collector.fragment_%s alter column spans set storage external', wanted);
  execute format('alter table collector.fragment_%s alter column bloom set storage plain', wanted);
  execute format('create index on collector.fragment_%s (min_start_ns)', wanted);
  execute format('create index on collector.fragment_%s (trace_id)', wanted);
  insert into collector.segment (number, opened_at) values (wanted, now());
end $$;

select collector.open_segment(1);
select collector.open_segment(2);
