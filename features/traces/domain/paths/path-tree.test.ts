import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";
import { findRows, internRows, MAX_PATH_DEPTH, NO_PATH, OTHER_STEPS, PathTree } from "./path-tree";
import { isStatement, normaliseName, normaliseStatement } from "./step-name";

describe("normaliseName", () => {
  const NAMES: [name: string, expected: string][] = [
    ["GET /users/:id", "GET /users/:id"],
    ["GET /users/42", "GET /users/{n}"],
    ["GET /circuits/8f14e45fceea167a5a36dedd4bea2543/edit", "GET /circuits/{id}/edit"],
    ["load 123e4567-e89b-12d3-a456-426614174000", "load {id}"],
    ["worker_3 job-17", "worker_{n} job-{n}"],
    ["PUT s3 /api/v1/x", "PUT s3 /api/v1/x"],
    ["connect 10.0.0.12:5432", "connect {n}:{n}"],
    ["ruby 3.4.2, v3.14.2", "ruby {n}, v3.14.2"],
    ["Users::CircuitverseController#index", "Users::CircuitverseController#index"],
    ["facade decade defaced", "facade decade defaced"],
    ["job 01ARZ3NDEKTSV4RRFFQ69G5FAV", "job {id}"],
  ];
  for (const [name, expected] of NAMES) {
    it(`reads "${name}" as "${expected}"`, () => expect(normaliseName(name)).toBe(expected));
  }

  it("leaves what is normal as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 60 }), (name) => {
        const once = normaliseName(name);
        expect(normaliseName(once)).toBe(once);
      }),
    );
  });
});

describe("normaliseStatement", () => {
  const STATEMENTS: [statement: string, expected: string][] = [
    ["SELECT * FROM users WHERE id = 42 LIMIT 1", "SELECT * FROM users WHERE id = ? LIMIT ?"],
    [`SELECT "users".* FROM "users" WHERE "users"."id" = $1`, `SELECT "users".* FROM "users" WHERE "users"."id" = ?`],
    ["select 1 from t where a = 'it''s' and b = 'x\\'y'", "select ? from t where a = ? and b = ?"],
    ["SELECT * FROM t WHERE id IN (1, 2,3)", "SELECT * FROM t WHERE id IN (?)"],
    ["SELECT * FROM t WHERE id IN ($1, $2, $3, $4, …", "SELECT * FROM t WHERE id IN (?)"],
    ["INSERT INTO t VALUES (1,'a'), (2,'b')", "INSERT INTO t VALUES (?)"],
    ["SELECT a FROM t /* controller:users,action:show */", "SELECT a FROM t"],
    ["SELECT a FROM t1 WHERE s = 'cut of…", "SELECT a FROM t1 WHERE s = ?"],
    ["SELECT x FROM t WHERE y > -1.5e3", "SELECT x FROM t WHERE y > ?"],
  ];
  for (const [statement, expected] of STATEMENTS) {
    it(`reads ${statement}`, () => expect(normaliseStatement(statement)).toBe(expected));
  }

  it("leaves what is normal as it is, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."SELECT a1'$()?,-*/ \\") }), (text) => {
        const once = normaliseStatement(text);
        expect(normaliseStatement(once)).toBe(once);
      }),
    );
  });

  it("tells SQL from the other things a span's line can be", () => {
    for (const sql of ["SELECT 1", "  update t set a=1", "COMMIT", "/* c */ INSERT INTO t", "with x as (select 1)"])
      expect(isStatement(sql), sql).toBe(true);
    for (const other of ["GET ?", "SET key", "a3", "/users/1", "https://x/select", "selected", ""])
      expect(isStatement(other), other).toBe(false);
  });
});

const query = (detail: string): SpanSpec => ({ name: "SELECT users", kind: "client", detail, waitsFor: "postgresql" });

describe("internRows", () => {
  it("gives equal chains of steps one path, and different ones another", () => {
    const tree = new PathTree();
    const trace = skeletonOf({
      name: "GET /users/1",
      children: [
        query("SELECT * FROM users WHERE id = 1"),
        query("SELECT * FROM users WHERE id = 2"),
        query("SELECT * FROM users WHERE name = 'a'"),
        { name: "render", children: [query("SELECT * FROM users WHERE id = 3")] },
      ],
    });
    const paths = internRows(trace, tree);
    expect(new Set(paths).size).toBe(5);
    expect(tree.nodes).toHaveLength(5);
    expect(internRows(skeletonOf({ name: "GET /users/99" }), tree)).toEqual(Int32Array.of(0));
  });

  it("tells calls of one name to two peers apart, and forgets which prepared statement it was", () => {
    const call = (waitsFor: string, detail: string): SpanSpec => ({ name: "GET", kind: "client", waitsFor, detail });
    const tree = new PathTree();
    internRows(skeletonOf([call("yosys-api", "a1"), call("yosys-api", "a2"), call("s3", "")]), tree);
    expect(tree.nodes.map(({ detail }) => detail).sort()).toEqual(["s3", "yosys-api"]);
  });

  it("takes the keys out of a cache's commands", () => {
    const get = (key: string): SpanSpec => ({ name: "redis", kind: "client", category: "cache", detail: `GET ${key}` });
    const tree = new PathTree();
    internRows(skeletonOf([get("session:abc"), get("session:xyz"), { ...get("a"), detail: "DEL a" }]), tree);
    expect(tree.nodes.map(({ detail }) => detail).sort()).toEqual(["DEL", "GET"]);
  });

  it("counts a chain of 20,000 as its first steps", () => {
    let chain: SpanSpec = { name: "end" };
    for (let depth = 0; depth < 20_000; depth += 1) chain = { name: "call", children: [chain] };
    const tree = new PathTree();
    internRows(skeletonOf(chain), tree);
    expect(tree.nodes).toHaveLength(MAX_PATH_DEPTH);
  });

  it("puts what a full tree cannot tell apart in one place, with all below it", () => {
    const letters = (at: number) => [...String(at)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    const children = Array.from({ length: 50 }, (_, at) => ({ name: letters(at), children: [{ name: "x" }] }));
    const tree = new PathTree([], { maxPaths: 20 });
    const trace = skeletonOf({ name: "root", children });
    internRows(trace, tree);
    expect(tree.nodes).toHaveLength(21);
    expect(tree.nodes.at(-1)).toMatchObject({ ...OTHER_STEPS, parent: -1 });
    expect(findRows(trace, new PathTree(tree.nodes)).every((path) => path !== NO_PATH)).toBe(true);
  });
});

const specArbitrary = ((): fc.Arbitrary<SpanSpec> => {
  const span = (children: fc.Arbitrary<SpanSpec[]>) =>
    fc.record({
      name: fc.constantFrom("a", "b", "c 1", "c 2"),
      service: fc.constantFrom("web", "jobs"),
      kind: fc.constantFrom("internal" as const, "client" as const),
      waitsFor: fc.constantFrom("", "redis"),
      detail: fc.constantFrom("", "SELECT 1", "SELECT 2"),
      children,
    });
  const listOf = (item: fc.Arbitrary<SpanSpec>) => fc.array(item, { maxLength: 3 });
  return span(listOf(span(listOf(span(fc.constant([]))))));
})();

describe("findRows", () => {
  it("finds every row where it was put, in the same trace and after a way through a list of nodes", () => {
    fc.assert(
      fc.property(fc.array(specArbitrary, { maxLength: 3 }), specArbitrary, (roots, other) => {
        const tree = new PathTree();
        internRows(skeletonOf(other), tree);
        const trace = skeletonOf(roots);
        const paths = internRows(trace, tree);
        expect(findRows(trace, new PathTree(tree.nodes))).toEqual(paths);
        for (const [row, path] of paths.entries()) {
          const parent = trace.parent[row] ?? -1;
          expect(tree.nodes[path]?.parent).toBe(parent === -1 ? -1 : paths[parent]);
        }
      }),
    );
  });

  it("knows nothing below a step it does not know", () => {
    const tree = new PathTree();
    internRows(skeletonOf({ name: "root", children: [{ name: "known" }] }), tree);
    const trace = skeletonOf({ name: "root", children: [{ name: "new", children: [{ name: "known" }] }] });
    expect([...findRows(trace, tree)]).toEqual([0, NO_PATH, NO_PATH]);
  });
});
