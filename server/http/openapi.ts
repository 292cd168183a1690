import { z } from "zod";
import { STATUS_OF } from "./problem";
import type { RouteStatement } from "./route";

type Json = Record<string, unknown>;
type Schema = NonNullable<RouteStatement["params"]>;

/** One method of one address, as `app/api` has it: `/api/traces/[traceId]`. */
export type ApiOperation = { path: string; method: string; statement: RouteStatement };

const PROBLEM = {
  type: "object",
  description: "RFC 9457. `code` is for programs, `detail` for people; `problems` names each field that was refused.",
  required: ["status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: Object.keys(STATUS_OF).sort() },
    detail: { type: "string" },
    field: { type: "string" },
    problems: {
      type: "array",
      items: { type: "object", properties: { field: { type: "string" }, message: { type: "string" } } },
    },
    traceId: { type: "string", description: "The console's own trace of the request." },
  },
};

/**
 * The HTTP API as an OpenAPI 3.1 document, made of what the routes state. A route without a summary is no endpoint and
 * is left out. The same routes give the same document, whatever their order.
 */
export function toOpenApi(operations: readonly ApiOperation[], { version }: { version: string }): Json {
  const paths: Record<string, Json> = {};
  const named: Record<string, Json> = { Problem: PROBLEM };
  const sorted = [...operations].sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
  for (const operation of sorted) {
    if (operation.statement.summary === undefined) continue;
    const path = operation.path.replace(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}");
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: hoist(toOperation(path, operation), named) };
  }
  return withComponentReferences({
    openapi: "3.1.0",
    info: {
      title: "ops-console",
      version,
      description: "Times in requests are epoch milliseconds, in replies ISO text or, for spans, epoch microseconds.",
    },
    paths,
    components: {
      securitySchemes: { reportToken: { type: "http", scheme: "bearer" } },
      schemas: named,
    },
  });
}

function withComponentReferences(document: Json): Json {
  return JSON.parse(JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

/** Moves the definitions of schemas that contain themselves to where the whole document can point at them. */
function hoist(value: Json, named: Record<string, Json>): Json {
  const moved = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || !("$defs" in part)) return part;
    const { $defs, ...rest } = part;
    Object.assign(named, $defs);
    return rest;
  });
  for (const name of Object.keys(named)) {
    if (name.startsWith("__")) throw new Error(`${value.operationId} has a schema that contains itself and has no id.`);
  }
  return JSON.parse(moved);
}

function toOperation(path: string, { method, statement }: ApiOperation): Json {
  const { summary, allow, params, query, body = statement.ownBody, authenticate } = statement;
  const parameters = [...toParameters(params, "path"), ...toParameters(query, "query")];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-zA-Z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    tags: [path.split("/")[2]],
    "x-permission": allow,
    ...(authenticate === undefined ? {} : { security: [{ reportToken: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: toJson(body, "input") } } } }),
    responses: {
      [String(statement.status ?? 200)]: { description: summary, content: toContent(statement) },
      default: {
        description: "Refused or failed",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

/** A handler that answers with a response of its own (`z.never()`) sends a file. */
function toContent({ reply, streams }: RouteStatement): Json {
  const content: Json = {};
  if (reply !== undefined) {
    const isFile = reply._zod.def.type === "never";
    content["application/json"] = { schema: isFile ? { type: "object" } : toJson(reply, "output") };
  }
  if (streams !== undefined) {
    const events = Object.entries(streams).map(([name, schema]) => ({ title: name, ...toJson(schema, "output") }));
    content["text/event-stream"] = { schema: { description: "The data of each event, by its name", oneOf: events } };
  }
  return content;
}

function toParameters(schema: Schema | undefined, place: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJson(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function toJson(schema: Schema, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" });
  return json;
}
