/** V8 makes a shorter part of a text a text of its own; a longer one keeps the whole text in memory. */
const shortestView = 13;

const scratch = Buffer.alloc(1 << 12);

/** The same text (latin1), which keeps no other one in memory: for what outlives its line. */
export function ownText(text: string): string {
  if (text.length < shortestView) return text;
  if (text.length > scratch.length) return Buffer.from(text, "latin1").toString("latin1");
  return scratch.toString("latin1", 0, scratch.write(text, "latin1"));
}
