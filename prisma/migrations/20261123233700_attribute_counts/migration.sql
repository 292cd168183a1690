-- How many traces have an attribute at all, or on any service: counts of single values and services cannot be summed to
-- that, since a trace has many of them. `counted_over` is 1 for any value, 2 for any service, 3 for both, 0 for neither.
alter table facts.attribute
  add column counted_over smallint not null default 0,
  drop constraint attribute_pkey,
  add primary key (source_id, counted_over, service, key, value);

-- Of what was read before at least as many traces are known as have the most frequent one.
insert into facts.attribute (source_id, counted_over, service, key, value, trace_count, last_seen)
select source_id, grouping(service, value), coalesce(service, ''), key, coalesce(value, ''), max(trace_count), max(last_seen)
from facts.attribute group by grouping sets ((source_id, key, value), (source_id, service, key), (source_id, key));
