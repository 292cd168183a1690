import { textOfValue } from "../domain/decode-value";
import { tokenOf } from "../domain/token";
import { groupTrace } from "../domain/trace-groups";
import { collectorPool } from "./collector-pool-repository";
import { unpack } from "./pack";
import { probesOf } from "./search-repository";

const PAGE = 500;

/**
 * Deletes every trace piece whose resource carries the attribute, and forgets services of which nothing is left. Returns
 * how many spans went. What arrives while it runs may stay.
 */
export async function deleteTracesByResourceAttribute(key: string, value: string): Promise<number> {
  const services = new Set<string>();
  let deleted = 0;
  let after = "0";
  for (;;) {
    const { rows } = await collectorPool().query<{ id: string; span_count: number; services: string[]; spans: Buffer }>(
      `select id, span_count, services, spans from collector.fragment
       where id > $1 and ${probesOf(tokenOf(key, value)).join(" and ")} order by id limit ${PAGE}`,
      [after],
    );
    const doomed = rows.filter(({ spans }) =>
      groupTrace([unpack(spans)]).some(({ resource }) =>
        (resource.attributes ?? []).some((pair) => pair.key === key && textOfValue(pair.value) === value),
      ),
    );
    if (doomed.length > 0) {
      const ids = doomed.map(({ id }) => id);
      await collectorPool().query("delete from collector.fragment where id = any($1::bigint[])", [ids]);
    }
    for (const row of doomed) {
      deleted += row.span_count;
      for (const service of row.services) services.add(service);
    }
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PAGE) break;
  }
  await forgetServices([...services]);
  return deleted;
}

async function forgetServices(services: string[]): Promise<void> {
  await collectorPool().query(
    `delete from collector.operation where service = any($1::text[])
     and not exists (select from collector.fragment where services @> array[operation.service])`,
    [services],
  );
}
