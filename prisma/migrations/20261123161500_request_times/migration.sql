-- How long a request took is not how long its trace is: work may go on after the answer. What was read before is read
-- again when somebody asks, now with both.
truncate facts.slice, facts.trace;

alter table facts.trace
  -- Of the root span; null where the source does not tell.
  add column root_duration_us bigint,
  -- By how much clocks of its services differ; null where they agree or the source does not tell.
  add column clocks_apart_us bigint,
  -- What its caller waited: the root span's time, where nobody tells the trace's.
  add column request_us bigint generated always as (coalesce(root_duration_us, duration_us)) stored;
