/** Languages whose blocks show a session: prompts and output mixed. */
const SESSION_LANGUAGES = new Set(["console", "shell-session", "shellsession", "terminal"]);

/**
 * What a copy button should put on the clipboard. In a session (by its language, or because the first line starts with
 * `$ `) only the commands, without their prompts and with their continued lines; everything else as it stands.
 */
export function toCopyText(code: string, language: string | undefined): string {
  const lines = code.replace(/\n$/, "").split("\n");
  const isSession = language !== undefined && SESSION_LANGUAGES.has(language.toLowerCase());
  const prompt = isSession ? /^\s*[$#%] (.*)$/ : /^\s*\$ (.*)$/;
  if (!isSession && !prompt.test(lines.find((line) => line.trim() !== "") ?? "")) return lines.join("\n");
  const commands: string[] = [];
  let isContinued = false;
  for (const line of lines) {
    const command: string | undefined = isContinued ? line : prompt.exec(line)?.[1];
    isContinued = command?.endsWith("\\") ?? false;
    if (command !== undefined) commands.push(command);
  }
  return commands.length === 0 ? lines.join("\n") : commands.join("\n");
}
