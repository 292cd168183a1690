import type { Random } from "./random";
import { fail, type SpanDraft, TraceWriter } from "./span-tree";

const WEB = "circuitverse-web";
const SIDEKIQ = "circuitverse-sidekiq";
const YOSYS = "yosys-api";

/** Services that send the sample. */
export const SAMPLE_SERVICES = [WEB, SIDEKIQ, YOSYS];

/** The release that brought the N+1 of the profile page, and the one before. */
export const RELEASES = { before: "v3.14.1", after: "v3.14.2" } as const;

/** What a request may know of its moment. */
export type Moment = { random: Random; isAfterDeploy: boolean };
type Story = { weight: number; tell: (writer: TraceWriter, moment: Moment) => void };

/**
 * The requests of a CircuitVerse-like Rails service, as its OpenTelemetry gems name them: old semantic-convention names,
 * prepared statements as `EXECUTE <db>`. Weights are requests in a hundred.
 */
const STORIES: [Story, ...Story[]] = [
  { weight: 30, tell: simulatorPage },
  { weight: 24, tell: profilePage },
  { weight: 16, tell: saveCircuit },
  { weight: 12, tell: projectList },
  { weight: 8, tell: search },
  { weight: 6, tell: synthesise },
  { weight: 4, tell: signIn },
];

/** One request of the service, start to end; which one is chance, weighted like its traffic. */
export function tellRequest(moment: Moment): TraceWriter {
  const writer = new TraceWriter(moment.random);
  let ticket = moment.random.next() * STORIES.reduce((sum, story) => sum + story.weight, 0);
  const story = STORIES.find(({ weight }) => {
    ticket -= weight;
    return ticket < 0;
  });
  (story ?? STORIES[0]).tell(writer, moment);
  return writer;
}

type PageOptions = { method?: string; route: string; controller: string; status?: number };

function page(
  writer: TraceWriter,
  { method = "GET", route, controller, status = 200 }: PageOptions,
  body: () => void,
): SpanDraft {
  const attributes = { "http.method": method, "http.route": route, "http.status_code": status, "http.scheme": "https" };
  return writer.span(
    WEB,
    `${method} ${route}`,
    () => {
      writer.call(WEB, "GET session", 0.5, {
        kind: "client",
        attributes: { "db.system": "redis", "db.statement": "GET ?" },
      });
      writer.span(WEB, controller, body, { attributes: { "code.namespace": controller.split("#")[0] ?? "" } });
      writer.work(0.8);
    },
    { kind: "server", attributes },
  );
}

function query(writer: TraceWriter, statement: string, medianMs: number, spread = 0.35): SpanDraft {
  const [verb = "SELECT"] = statement.split(" ", 1);
  const table = /(?:FROM|INTO|UPDATE) "?(\w+)"?/i.exec(statement)?.[1] ?? "circuitverse";
  return writer.call(WEB, `${verb} ${table}`, medianMs, {
    kind: "client",
    spread,
    attributes: {
      "db.system": "postgresql",
      "db.name": "circuitverse_production",
      "db.operation": verb,
      "db.sql.table": table,
      "db.statement": statement,
    },
  });
}

function currentUser(writer: TraceWriter): void {
  query(writer, 'SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2', 1.2);
}

function simulatorPage(writer: TraceWriter): void {
  page(writer, { route: "/simulator/:id", controller: "SimulatorController#show" }, () => {
    currentUser(writer);
    query(writer, 'SELECT "projects".* FROM "projects" WHERE "projects"."slug" = $1 LIMIT $2', 2.4);
    writer.call(WEB, "HGETALL flipper", 0.6, {
      kind: "client",
      attributes: { "db.system": "redis", "db.statement": "HGETALL ?" },
    });
    writer.span(WEB, "render_template simulator/edit", () => writer.work(34, 0.4));
  });
}

/** Since the deploy, each project card asks for its project and its tags one by one. */
function profilePage(writer: TraceWriter, { random, isAfterDeploy }: Moment): void {
  page(writer, { route: "/users/:id", controller: "Users::CircuitverseController#index" }, () => {
    currentUser(writer);
    query(
      writer,
      'SELECT "projects".* FROM "projects" WHERE "projects"."author_id" = $1 ORDER BY "projects"."created_at" DESC',
      11,
    );
    if (isAfterDeploy) writer.work(90, 0.8);
    writer.span(WEB, "render_template users/circuitverse/index", () => {
      writer.work(6);
      const cards = random.int(12, isAfterDeploy ? 240 : 30);
      writer.span(WEB, "render_collection projects/_card", () => {
        for (let card = 0; card < cards; card += 1) {
          if (isAfterDeploy)
            query(writer, 'SELECT "projects".* FROM "projects" WHERE "projects"."id" = $1 LIMIT $2', 6, 0.5);
          if (card % 6 === 0) writer.span(WEB, "render_partial projects/_tags", () => writer.work(0.9));
        }
        writer.work(cards * 0.4);
      });
    });
  });
}

function saveCircuit(writer: TraceWriter, { random }: Moment): void {
  const isBusy = random.chance(0.1);
  page(writer, { method: "POST", route: "/simulator/update_data", controller: "SimulatorController#update" }, () => {
    currentUser(writer);
    query(writer, 'UPDATE "projects" SET "updated_at" = $1 WHERE "projects"."id" = $2', 4);
    query(writer, 'UPDATE "project_data" SET "data" = $1 WHERE "project_data"."project_id" = $2', 9, 0.6);
    writer.call(WEB, "S3.PutObject", isBusy ? 700 : 110, {
      kind: "client",
      spread: 0.4,
      attributes: {
        "rpc.system": "aws-api",
        "rpc.service": "S3",
        "rpc.method": "PutObject",
        "aws.region": "ap-south-1",
      },
    });
    previewJob(writer, random);
  });
}

/** A job starts when a worker is free: the gap between publish and process is the queue's wait. */
function previewJob(writer: TraceWriter, random: Random): void {
  const attributes = { "messaging.system": "sidekiq", "messaging.destination": "default" };
  let published: SpanDraft | undefined;
  writer.span(
    WEB,
    "PreviewWarmJob publish",
    (span) => {
      published = span;
      writer.work(0.7);
      writer.detached(random.around(random.chance(0.08) ? 2400 : 45, 0.5), () => {
        const job = writer.span(
          SIDEKIQ,
          "PreviewWarmJob process",
          () => {
            writer.call(SIDEKIQ, "SELECT projects", 2, {
              kind: "client",
              attributes: {
                "db.system": "postgresql",
                "db.statement": 'SELECT "projects".* FROM "projects" WHERE "projects"."id" = $1',
              },
            });
            const heads = Array.from(
              { length: random.int(3, 12) },
              () => () =>
                void writer.call(SIDEKIQ, "S3.HeadObject", 40, {
                  kind: "client",
                  attributes: { "rpc.system": "aws-api", "rpc.service": "S3", "rpc.method": "HeadObject" },
                }),
            );
            writer.parallel(heads);
          },
          { kind: "consumer", attributes },
        );
        job.linkedSpanId = span.spanId;
      });
    },
    { kind: "producer", attributes },
  );
  if (published !== undefined) published.attributes["messaging.operation"] = "publish";
}

function projectList(writer: TraceWriter): void {
  page(writer, { route: "/projects", controller: "ProjectsController#index" }, () => {
    currentUser(writer);
    query(
      writer,
      'SELECT "projects".* FROM "projects" WHERE "projects"."project_access_type" = $1 ORDER BY "projects"."id" LIMIT $2',
      18,
    );
    query(
      writer,
      'SELECT "tags".* FROM "tags" INNER JOIN "taggings" ON "tags"."id" = "taggings"."tag_id" WHERE "taggings"."project_id" IN ($1)',
      5,
    );
    writer.span(WEB, "render_template projects/index", () => writer.work(28));
  });
}

function search(writer: TraceWriter, { random }: Moment): void {
  const isUnindexed = random.chance(0.2);
  page(writer, { route: "/search", controller: "SearchController#search" }, () => {
    currentUser(writer);
    query(
      writer,
      'SELECT "projects".* FROM "projects" WHERE "projects"."description" ILIKE $1 LIMIT $2',
      isUnindexed ? 1400 : 60,
      0.4,
    );
    writer.span(WEB, "render_template search/_projects", () => writer.work(22));
  });
}

/** The synthesis service drops one call in eleven; the client asks again, and sometimes gives up. */
function synthesise(writer: TraceWriter, { random }: Moment): void {
  const failures = random.chance(0.83) ? 0 : random.int(1, 3);
  const isLost = failures === 3;
  const root = page(
    writer,
    {
      method: "POST",
      route: "/api/v1/simulator/verilogcv",
      controller: "Api::V1::SimulatorController#verilog_cv",
      status: isLost ? 502 : 200,
    },
    () => {
      currentUser(writer);
      for (let attempt = 0; attempt < failures; attempt += 1) callYosys(writer, random, true);
      if (!isLost) callYosys(writer, random, false);
    },
  );
  if (isLost) fail(root, "Faraday::BadGatewayError", "the server responded with status 502", root.endUs - 400);
}

function callYosys(writer: TraceWriter, random: Random, isBroken: boolean): void {
  const attributes = {
    "http.method": "POST",
    "http.url": "http://yosys-api:3040/getJSON",
    "http.status_code": isBroken ? 502 : 200,
  };
  const call = writer.span(
    WEB,
    "HTTP POST",
    () => {
      writer.work(1.5);
      const handler = writer.span(
        YOSYS,
        "POST /getJSON",
        () => {
          writer.work(4);
          const yosys = writer.call(YOSYS, "yosys synth", isBroken ? 240 : 1700, { spread: 0.5 });
          if (isBroken) fail(yosys, "ChildProcessError", "yosys was killed (out of memory)", yosys.endUs);
        },
        {
          kind: "server",
          attributes: { "http.method": "POST", "http.route": "/getJSON", "http.status_code": isBroken ? 500 : 200 },
        },
      );
      if (isBroken) fail(handler, "ChildProcessError", "yosys was killed (out of memory)", handler.endUs);
    },
    { kind: "client", attributes },
  );
  if (isBroken) {
    fail(call, "Faraday::BadGatewayError", "the server responded with status 502", call.endUs);
    writer.work(random.around(120, 0.2));
  }
}

function signIn(writer: TraceWriter): void {
  page(
    writer,
    { method: "POST", route: "/users/sign_in", controller: "Users::SessionsController#create", status: 303 },
    () => {
      query(writer, 'SELECT "users".* FROM "users" WHERE "users"."email" = $1 LIMIT $2', 1.6);
      writer.call(WEB, "bcrypt", 240, { spread: 0.1 });
      query(writer, 'UPDATE "users" SET "sign_in_count" = $1 WHERE "users"."id" = $2', 3);
    },
  );
}
