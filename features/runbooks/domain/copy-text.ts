/** Languages whose blocks show a session: prompts and output mixed. */
const SESSION_LANGUAGES = new Set(["console", "shell-session", "shellsession", "terminal"]);

/** Offsets of a stretch of a block. */
type Stretch = { start: number; end: number };

/**
 * What a copy button should put on the clipboard. In a session (by its language, or because the first line starts with
 * `$ `) only the commands, without their prompts and with their continued lines; everything else as it stands.
 */
export function toCopyText(code: string, language: string | undefined): string {
  return copiedStretches(code, language)
    .map(({ start, end }) => code.slice(start, end))
    .join("\n");
}

/** The same as places in the block; between two of them stands one line break in what is copied. */
export function copiedStretches(code: string, language: string | undefined): Stretch[] {
  const whole = { start: 0, end: code.replace(/\n$/, "").length };
  const lines = code.slice(0, whole.end).split("\n");
  const isSession = language !== undefined && SESSION_LANGUAGES.has(language.toLowerCase());
  const prompt = isSession ? /^\s*[$#%] (.*)$/ : /^\s*\$ (.*)$/;
  if (!isSession && !prompt.test(lines.find((line) => line.trim() !== "") ?? "")) return [whole];
  const commands: Stretch[] = [];
  let isContinued = false;
  let at = 0;
  for (const line of lines) {
    const command: string | undefined = isContinued ? line : prompt.exec(line)?.[1];
    const end = at + line.length;
    isContinued = command?.endsWith("\\") ?? false;
    if (command !== undefined) commands.push({ start: end - command.length, end });
    at = end + 1;
  }
  return commands.length === 0 ? [whole] : commands;
}
