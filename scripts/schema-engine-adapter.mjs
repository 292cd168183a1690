// Prisma's Postgres adapter as the schema engine needs it. Each difference works around a fault of adapter-pg 7.10;
// tests/integration/schema.test.ts fails when an upgrade changes what they rely on.
import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

const OID_CHAR = 18;
const OID_TEXT = 25;
const COLUMN_TYPE_CHARACTER = 6;

/** An adapter factory for the database of `url`; the shadow database is made beside it unless one is named. */
export function schemaAdapter(url, shadowDatabaseUrl) {
  const factory = new PrismaPg(toFields(url));
  return Object.assign(Object.create(factory), {
    connect: async () => corrected(await factory.connect()),
    connectToShadowDb: () => connectToShadow(url, shadowDatabaseUrl),
  });
}

/** The adapter's own shadow connection, given a connection string, silently opens the main database: never give it one. */
function toFields(url) {
  const { hostname, port, username, password, pathname, search } = new URL(url);
  const isVerified = /sslmode=verify/.test(search);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: isVerified || /sslmode=require/.test(search) ? { rejectUnauthorized: isVerified } : undefined,
  };
}

/** The adapter drops its shadow database while its own pool is still connected to it, which fails. */
async function connectToShadow(url, shadowDatabaseUrl) {
  if (shadowDatabaseUrl) return corrected(await new PrismaPg(toFields(shadowDatabaseUrl)).connect());
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  const main = new pg.Client({ connectionString: url });
  await main.connect();
  await main.query(`create database "${name}"`);
  const shadow = corrected(await new PrismaPg({ ...toFields(url), database: name }).connect());
  shadow.dispose = async () => {
    await shadow.underlyingDriver().end();
    await main.query(`drop database "${name}" with (force)`);
    await main.end();
  };
  return shadow;
}

function corrected(adapter) {
  const prototype = Object.getPrototypeOf(adapter);
  const { performIO } = Object.getPrototypeOf(prototype);
  // Scripts are split on every semicolon, function bodies included: send them whole.
  adapter.executeScript = async (script) => {
    if (script.trim() !== "") await adapter.underlyingDriver().query(script);
  };
  // The catalogue's "char" columns cannot be decoded: read them as text and name their type afterwards.
  adapter.queryRaw = async (query) => {
    const chars = [];
    const asText = async (...input) => {
      const result = await performIO.apply(adapter, input);
      for (const [index, field] of result.fields.entries()) {
        if (field.dataTypeID !== OID_CHAR) continue;
        field.dataTypeID = OID_TEXT;
        chars.push(index);
      }
      return result;
    };
    const reader = Object.create(adapter, { performIO: { value: asText } });
    const result = await prototype.queryRaw.call(reader, query);
    for (const index of chars) result.columnTypes[index] = COLUMN_TYPE_CHARACTER;
    return result;
  };
  return adapter;
}
