-- People, their sessions and what lets them in. In SQL only: better-auth writes the first three through our adapter
-- (server/auth/auth-adapter.ts), everything else is ours.
create schema access;

create table access.person (
  id text primary key,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  name text not null,
  image text,
  role text not null default 'viewer' check (role in ('viewer', 'operator', 'admin')),
  disabled_at timestamptz(3),
  created_by text not null default '',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
-- A name stands beside what was done; two people of one name could not be told apart.
create unique index person_name_key on access.person (lower(name));

create table access.account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references access.person (id) on delete cascade,
  -- scrypt, with its salt.
  password text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  unique (provider_id, account_id)
);

create table access.session (
  id text primary key,
  -- SHA-256 of the token that the browser has, in hex.
  token text not null unique,
  user_id text not null references access.person (id) on delete cascade,
  expires_at timestamptz(3) not null,
  seen_at timestamptz(3) not null default now(),
  ip_address text,
  user_agent text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index session_user_id_idx on access.session (user_id);

-- Failures to sign in, kept for as long as they count. `account` is a hash: people type passwords where e-mail goes.
create table access.failure (
  id bigserial primary key,
  at timestamptz(3) not null default now(),
  account text not null,
  address text not null
);
create index failure_account_idx on access.failure (account, at);
create index failure_address_idx on access.failure (address, at);

-- Codes that are good once: of the first admin (no person), and of a person who was invited or forgot the password.
create table access.code (
  hash text primary key,
  user_id text references access.person (id) on delete cascade,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
