import { AsyncLocalStorage } from "node:async_hooks";
import { createAdapterFactory } from "better-auth/adapters";
import type { PoolClient } from "pg";
import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { hashOfSecret } from "./secrets";

/** The transaction that better-auth's writes belong to, when there is one: the audit row goes into the same. */
export const authTransaction = new AsyncLocalStorage<PoolClient>();

const TABLES: Record<string, string> = {
  user: "access.person",
  session: "access.session",
  account: "access.account",
};
const OPERATORS: Record<string, string> = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" };

type Where = { field: string; value: unknown; operator?: string | undefined; connector?: string | undefined };
type Row = Record<string, unknown>;

/**
 * better-auth over our own pool and tables. Tokens of sessions are hashed on their way in, in conditions too, so that who
 * reads the database can take over nobody; tokens of other providers are not kept at all.
 */
export const authAdapter = createAdapterFactory({
  config: { adapterId: "ops-console", supportsNumericIds: false, transaction: false },
  adapter: () => ({
    async create<T extends Row>({ model, data }: { model: string; data: T }): Promise<T> {
      const columns = toColumns(model, data);
      const names = Object.keys(columns);
      const marks = names.map((_, at) => `$${at + 1}`);
      const { rows } = await ask(
        `insert into ${tableOf(model)} (${names.map(quoted).join(", ")}) values (${marks.join(", ")}) returning *`,
        Object.values(columns),
      );
      // Its maker needs the token itself: it goes into the cookie.
      return { ...fromRow(rows[0] ?? {}), ...(model === "session" && { token: data.token }) } as unknown as T;
    },
    async findOne<T>({ model, where }: { model: string; where: Where[] }): Promise<T | null> {
      const { text, values } = conditions(model, where);
      const { rows } = await ask(`select * from ${tableOf(model)} where ${text} limit 1`, values);
      return (rows[0] === undefined ? null : fromRow(rows[0])) as T | null;
    },
    async findMany<T>({ model, where = [], limit }: { model: string; where?: Where[] | undefined; limit: number }) {
      const { text, values } = conditions(model, where);
      const { rows } = await ask(`select * from ${tableOf(model)} where ${text} limit ${Number(limit)}`, values);
      return rows.map(fromRow) as T[];
    },
    update: () => refuseToWrite("update"),
    updateMany: () => refuseToWrite("updateMany"),
    delete: () => refuseToWrite("delete"),
    deleteMany: () => refuseToWrite("deleteMany"),
    count: () => refuseToWrite("count"),
  }),
});

function ask(text: string, values: unknown[]): Promise<{ rows: Row[] }> {
  return (authTransaction.getStore() ?? pool()).query<Row>(text, values);
}

/** Signing in makes sessions; whatever else changes people is ours, with its audit row. */
function refuseToWrite(what: string): Promise<never> {
  return Promise.reject(new AppError("unsupported", `Signing in never does this: ${what}.`));
}

function tableOf(model: string): string {
  const table = TABLES[model];
  if (table === undefined) throw new AppError("unsupported", `Signing in keeps nothing of this kind: ${model}.`);
  return table;
}

function conditions(model: string, where: Where[]): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const parts = where.map(({ field, value, operator = "eq", connector = "AND" }) => {
    const sign = OPERATORS[operator];
    if (sign === undefined || connector === "OR") throw new AppError("unsupported", `No such condition: ${operator}.`);
    values.push(toColumns(model, { [field]: value })[toColumn(field)]);
    return `${quoted(toColumn(field))} ${sign} $${values.length}`;
  });
  return { text: parts.length === 0 ? "true" : parts.join(" and "), values };
}

function toColumns(model: string, data: Row): Row {
  const columns: Row = {};
  for (const [field, value] of Object.entries(data)) {
    if (value === undefined) continue;
    columns[toColumn(field)] = model === "session" && field === "token" ? hashOfSecret(String(value)) : value;
  }
  return columns;
}

const toColumn = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toField = (column: string): string => column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const fromRow = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([key, value]) => [toField(key), value]));

function quoted(column: string): string {
  if (!/^[a-z_]+$/.test(column)) throw new AppError("unsupported", `No such column: ${column}.`);
  return `"${column}"`;
}
