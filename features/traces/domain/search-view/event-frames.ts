/** One event of a `text/event-stream`. */
export type EventFrame = { event: string; data: string };

/** The whole frames of a text, and what is left of the last one. Comments and fields nobody uses are left out. */
export function takeFrames(text: string): { frames: EventFrame[]; rest: string } {
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const frames: EventFrame[] = [];
  for (const block of blocks) {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) event = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    }
    if (data.length > 0) frames.push({ event, data: data.join("\n") });
  }
  return { frames, rest };
}
