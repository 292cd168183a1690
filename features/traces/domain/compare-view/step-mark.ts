import type { Step } from "../paths/path-schema";
import { isStatement } from "../paths/step-name";

const SQL = /postgres|mysql|maria|sqlite|oracle|mssql|sqlserver|cockroach|clickhouse/i;
const CACHE = /redis|memcache|valkey/i;
const SQL_NAME = /^(?:SELECT|INSERT|UPDATE|DELETE|EXECUTE|BEGIN|COMMIT|ROLLBACK|PREPARE)\b/;
const CACHE_NAME =
  /^(?:GET|SET|MGET|MSET|HGET|HGETALL|HSET|DEL|EXISTS|EXPIRE|INCR|LPUSH|RPUSH|SADD|ZADD|PIPELINED)\s+(?![/:])/;

/**
 * Whose colour a step has: the system it waits for, where one of the systems called is told by the step, else the
 * service that does it.
 */
export function markOfStep({ service, name, detail }: Step, systems: readonly string[]): string {
  if (systems.includes(detail)) return detail;
  if (isStatement(detail) || (SQL_NAME.test(name) && detail === ""))
    return systems.find((one) => SQL.test(one)) ?? service;
  const cache = CACHE_NAME.test(name) ? systems.find((one) => CACHE.test(one)) : undefined;
  return cache ?? service;
}
