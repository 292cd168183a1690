-- Samples of what is usual of an operation, folded: a cache that can be dropped at any time. Written and read by
-- hand-written SQL, so it is a Postgres schema of its own that Prisma does not know.
create schema paths;

create table paths.sample (
  -- SHA-256 of what was sampled: source, service, operation, window.
  id text primary key,
  sampled_at timestamptz not null,
  -- Gzip of JSON.
  body bytea not null
);
create index on paths.sample (sampled_at);
