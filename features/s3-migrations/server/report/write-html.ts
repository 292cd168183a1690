import { formatBytes, formatCount } from "@/lib/format";
import { placeOf, type S3MigrationDetail } from "../../contract";
import { shownKey } from "../../domain/shown-key";
import type { ReportedObject } from "./report-repository";

/** More than anybody prints; the CSV has them all. */
const MAX_FAILURES = 5000;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text between tags: nothing of it is markup, and what draws nothing stands as its number. */
const text = (value: string): string => shownKey(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
const words = (name: string): string => text(name.replaceAll("_", " "));

const STYLE = `:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #8885;padding:.3rem .5rem;text-align:left;vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
bdi{font-family:ui-monospace,monospace;word-break:break-all}thead{display:table-header-group}tr{break-inside:avoid}
@media print{body{margin:0;max-width:none;font-size:10pt}}`;

const row = (name: string, ...cells: string[]): string =>
  `<tr><td>${name}</td>${cells.map((cell) => `<td class="n">${cell}</td>`).join("")}</tr>`;

/** A page that needs nothing else: to keep, to send, to print. */
export async function* writeHtml(
  detail: S3MigrationDetail,
  failures: AsyncIterable<ReportedObject[]>,
): AsyncGenerator<string> {
  const { snapshot, commands } = detail;
  const { name, state, source, destination, counts, tiers, inventory } = snapshot;
  yield `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${text(name)}</title><style>${STYLE}</style></head><body>
<h1>${text(name)}</h1><p><bdi>${text(placeOf(source))}</bdi> to <bdi>${text(placeOf(destination))}</bdi><br>${words(state)}, written ${new Date().toISOString()}</p>`;
  const held = Object.entries(counts).filter(([, objects]) => objects > 0);
  yield `<h2>Objects</h2><table><tbody>${held.map(([key, objects]) => row(words(key), formatCount(objects))).join("")}
${row("<b>Sealed inventory</b>", `<b>${formatCount(inventory.objects)}</b>`)}</tbody></table>`;
  yield `<h2>How surely they are there</h2><table><thead><tr><th>Proof</th><th>Objects</th><th>Bytes</th></tr></thead><tbody>${tiers.map(({ tier, objects, bytes }) => row(words(tier), formatCount(objects), formatBytes(bytes))).join("")}</tbody></table>`;
  yield `<h2>Commands</h2><table><tbody>${commands.map((command) => `<tr><td>${text(command.at)}</td><td>${words(command.verb)}</td><td>${text(command.actor)}</td><td>${text(command.reason ?? "")}</td></tr>`).join("")}</tbody></table>`;
  yield* writeFailures(failures);
  yield "</body></html>\n";
}

async function* writeFailures(failures: AsyncIterable<ReportedObject[]>): AsyncGenerator<string> {
  yield `<h2>Did not go through</h2><table><thead><tr><th>Key</th><th>State</th><th>Why</th></tr></thead><tbody>`;
  let written = 0;
  for await (const page of failures) {
    const shown = page.slice(0, MAX_FAILURES - written);
    written += shown.length;
    yield shown
      .map(
        ({ key, state, code, message }) =>
          `<tr><td><bdi>${text(key)}</bdi></td><td>${words(state)}</td><td>${text(code ?? "")}: ${text(message ?? "")}</td></tr>`,
      )
      .join("");
    if (written >= MAX_FAILURES) break;
  }
  yield "</tbody></table>";
  if (written === 0) yield "<p>Nothing.</p>";
  if (written >= MAX_FAILURES) yield `<p>The first ${formatCount(MAX_FAILURES)}; the CSV has all.</p>`;
}
