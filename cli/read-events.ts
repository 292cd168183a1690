import { openConsole } from "./console-api";

export type ConsoleEvent = { name: string; data: unknown };

/** The events of one connection to an event stream of the console, until it ends. Comments and ids are passed over. */
export async function* readEvents(path: string, signal?: AbortSignal): AsyncGenerator<ConsoleEvent> {
  const response = await openConsole(path, { headers: { accept: "text/event-stream" }, signal: signal ?? null });
  const decoder = new TextDecoder();
  let held = "";
  for await (const piece of response.body ?? []) {
    held += decoder.decode(piece, { stream: true });
    for (let end = held.indexOf("\n\n"); end >= 0; end = held.indexOf("\n\n")) {
      const lines = held.slice(0, end).split("\n");
      held = held.slice(end + 2);
      const data = fieldOf(lines, "data");
      if (data !== undefined) yield { name: fieldOf(lines, "event") ?? "message", data: JSON.parse(data) };
    }
  }
}

function fieldOf(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
}
