-- Which minutes of start time got spans long after they were over, so that whoever read them before reads them again. The
-- transaction is that of the spans: a reader's snapshot holds both or neither. Spans that come at once are not noted.
create table collector.late_minute (
  -- Minutes since the epoch.
  minute integer primary key,
  -- The newest transaction that added spans to it.
  changed_by xid8 not null default pg_current_xact_id(),
  noted_at timestamptz not null default now()
);

-- What a reader of the embedded collector could see when it read the stretch; null for any other source.
alter table facts.slice add column seen pg_snapshot;
