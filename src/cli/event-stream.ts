// Server-sent events out of a stream of text, after the HTML standard: what the control plane sends
// of it (event, data, comments), and no more.

export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** One event is never longer than this. */
const MOST_LENGTH = 4 * 1024 * 1024;

export async function* eventsOf(chunks: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let rest = "";
  for await (const chunk of chunks) {
    rest += chunk;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    if (rest.length > MOST_LENGTH) throw new Error("too long an event");
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== null) yield event;
    }
  }
}

const eventOf = (block: string): StreamEvent | null => {
  const data: string[] = [];
  let name = "message";
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value ?? "";
    if (field === "data") data.push(value ?? "");
  }
  return data.length === 0 ? null : { name, data: data.join("\n") };
};
