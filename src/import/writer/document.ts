/**
 * Text that is laid out by width: a group stands on one line where it fits, else each of its lines breaks (P. Wadler,
 * "A prettier printer"). The width is that of biome.json.
 */
export type Document =
  | string
  | readonly Document[]
  | { readonly kind: "group"; readonly content: Document; readonly broken: boolean }
  | { readonly kind: "indent"; readonly content: Document }
  /** A blank where the group fits (`soft`: nothing), a new line where it does not (`hard`: in any case). */
  | { readonly kind: "line"; readonly as: "blank" | "soft" | "hard" }
  /** Only where the group is broken. */
  | { readonly kind: "ifBroken"; readonly text: string }
  /** Items behind each other, as many on a line as fit. */
  | { readonly kind: "fill"; readonly items: readonly string[] };

export const width = 110;

export const line: Document = { kind: "line", as: "blank" };
export const softLine: Document = { kind: "line", as: "soft" };
export const hardLine: Document = { kind: "line", as: "hard" };
export const trailingComma: Document = { kind: "ifBroken", text: "," };

/** @param broken - it breaks though it would fit */
export function group(content: Document, broken = false): Document {
  return { kind: "group", content, broken: broken || breaks(content) };
}

export function indent(content: Document): Document {
  return { kind: "indent", content };
}

export function join(parts: readonly Document[], between: Document): Document {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [between, part]));
}

/** Holds a line that breaks in any case, or a text of several. Groups know it of themselves. */
function breaks(content: Document): boolean {
  if (typeof content === "string") return content.includes("\n");
  if (!("kind" in content)) return content.some(breaks);
  switch (content.kind) {
    case "group":
      return content.broken;
    case "indent":
      return breaks(content.content);
    case "line":
      return content.as === "hard";
    default:
      return false;
  }
}

interface Item {
  readonly indentation: number;
  readonly flat: boolean;
  readonly content: Document;
}

export function print(document: Document): string {
  const out: string[] = [];
  let column = 0;
  const stack: Item[] = [{ indentation: 0, flat: false, content: document }];
  const newLine = (indentation: number): void => {
    out.push(`\n${" ".repeat(indentation)}`);
    column = indentation;
  };
  const write = (text: string): void => {
    out.push(text);
    const end = text.lastIndexOf("\n");
    column = end < 0 ? column + columns(text) : columns(text.slice(end + 1));
  };
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { indentation, flat, content } = item;
    if (typeof content === "string") write(content);
    else if (!("kind" in content))
      for (const part of [...content].reverse()) stack.push({ indentation, flat, content: part });
    else if (content.kind === "indent")
      stack.push({ indentation: indentation + 2, flat, content: content.content });
    else if (content.kind === "group") {
      const isFlat = flat || (!content.broken && fits(content.content, width - column, stack));
      stack.push({ indentation, flat: isFlat, content: content.content });
    } else if (content.kind === "ifBroken") {
      if (!flat) write(content.text);
    } else if (content.kind === "fill") {
      for (const [index, text] of content.items.entries()) {
        const last = index === content.items.length - 1;
        const needed = columns(text) + (last ? 0 : 1);
        if (index > 0) {
          if (flat || column + 1 + needed <= width) write(" ");
          else newLine(indentation);
        }
        write(last ? text : `${text},`);
      }
    } else if (content.as !== "hard" && flat) write(content.as === "blank" ? " " : "");
    else newLine(indentation);
  }
  return out.join("");
}

/** Whether the content, and what stands behind it up to the next line break, fits. */
function fits(content: Document, room: number, rest: readonly Item[]): boolean {
  let left = room;
  let next = rest.length - 1;
  const stack: { readonly flat: boolean; readonly content: Document }[] = [{ flat: true, content }];
  while (left >= 0) {
    let item = stack.pop();
    if (item === undefined) {
      const outer = rest[next--];
      if (outer === undefined) return true;
      item = outer;
    }
    const { flat, content: one } = item;
    if (typeof one === "string") {
      const end = one.indexOf("\n");
      left -= columns(end < 0 ? one : one.slice(0, end));
      if (end >= 0) return left >= 0;
    } else if (!("kind" in one)) for (const part of [...one].reverse()) stack.push({ flat, content: part });
    else if (one.kind === "indent") stack.push({ flat, content: one.content });
    else if (one.kind === "group") stack.push({ flat: flat && !one.broken, content: one.content });
    else if (one.kind === "ifBroken") left -= flat ? 0 : one.text.length;
    else if (one.kind === "fill") left -= columns(one.items.join(", "));
    else if (!flat || one.as === "hard") return true;
    else left -= one.as === "blank" ? 1 : 0;
  }
  return false;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns of a text in an editor. */
function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let count = 0;
  for (const character of text) count += wide.test(character) ? 2 : 1;
  return count;
}
