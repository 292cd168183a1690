import { consoleUrl } from "@/server/config/address";
import { openConsole, silent } from "./console-api";

export type ConsoleEvent = { name: string; data: unknown };

/** An open stream says something every 15 s, if only that it lives. */
const SILENCE_MS = 20_000;

/**
 * The events of one connection to an event stream of the console, until it ends. Comments and ids are passed over. One
 * that falls silent is an error as of a console that is away: its process hangs, or the network forgot the connection.
 */
export async function* readEvents(path: string, silenceMs = SILENCE_MS): AsyncGenerator<ConsoleEvent> {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), silenceMs);
  try {
    const response = await openConsole(path, { headers: { accept: "text/event-stream" }, signal: gone.signal });
    const decoder = new TextDecoder();
    let held = "";
    for await (const piece of response.body ?? []) {
      timer.refresh();
      held += decoder.decode(piece, { stream: true });
      for (let end = held.indexOf("\n\n"); end >= 0; end = held.indexOf("\n\n")) {
        const lines = held.slice(0, end).split("\n");
        held = held.slice(end + 2);
        const data = fieldOf(lines, "data");
        if (data !== undefined) yield { name: fieldOf(lines, "event") ?? "message", data: JSON.parse(data) };
      }
    }
  } catch (error) {
    throw gone.signal.aborted ? silent(consoleUrl(), error) : error;
  } finally {
    clearTimeout(timer);
  }
}

function fieldOf(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
}
