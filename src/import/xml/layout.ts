/** How a file of rules or decoders is laid out: its comments, and which of them stand above what. */
import type { Dialect } from "../../ossec/dialect.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import { readXml } from "../../ossec/xml/read.js";
import type { SourceText } from "../../ossec/xml/source.js";
import { shownText } from "./texts.js";

/** A `<rule>` or a `<decoder>` where it stands. */
export interface Item {
  readonly element: XmlElement;
  /** The group around a rule. */
  readonly group: XmlElement | null;
  /** Comments above it, behind what stands before it, and those in it. */
  readonly comments: readonly string[];
  /** Those above it as they stand there. */
  readonly above: readonly string[];
}

export interface Layout {
  readonly source: SourceText;
  /** Above the first group. */
  readonly head: readonly string[];
  readonly items: readonly Item[];
  /** Behind the last one. */
  readonly tail: readonly string[];
  /** Nothing behind it was read. */
  readonly broken: boolean;
}

/** Words that mark a place in a file and tell nothing. */
const marks = /^(?:EOF|END|SYSLOG,?|-+|=+|\*+|#+|\s*)$/i;

export function layoutOf(source: SourceText, dialect: Dialect, kind: "rule" | "decoder"): Layout {
  const { roots, comments, problem } = readXml(source, { dialect, variables: true });
  const texts = comments.map(({ start, end }) => {
    const written = source.text.slice(start, end);
    return { start, written, text: commentText(written) };
  });
  let next = 0;
  const upTo = (offset: number): readonly (typeof texts)[number][] => {
    const found: (typeof texts)[number][] = [];
    for (let one = texts[next]; one !== undefined && one.start < offset; one = texts[++next])
      if (!marks.test(one.text)) found.push(one);
    return found;
  };
  const words = (some: readonly (typeof texts)[number][]): readonly string[] => some.map(({ text }) => text);
  const items: Item[] = [];
  const [first] = roots.filter(({ name }) => name.toLowerCase() !== "var");
  const head = first === undefined || kind === "decoder" ? [] : words(upTo(first.start));
  const add = (element: XmlElement, group: XmlElement | null): void => {
    if (element.name.toLowerCase() !== kind) return;
    const above = upTo(element.start);
    items.push({
      element,
      group,
      comments: words([...above, ...upTo(element.end)]),
      above: above.map(({ written }) => written),
    });
  };
  for (const root of roots) {
    if (kind === "decoder") add(root, null);
    else if (root.name.toLowerCase() === "group") for (const element of root.children) add(element, root);
  }
  return { source, head, items, tail: words(upTo(Number.POSITIVE_INFINITY)), broken: problem !== null };
}

/** What stands between the marks of a comment, without what its lines are indented by. */
export function commentText(comment: string): string {
  const inside = comment.replace(/^<!-*/, "").replace(/-*!?>$/, "");
  const lines = shownText(inside)
    .split(/\r\n|\r|\n/)
    .map((line) => line.replaceAll("\t", "  ").trimEnd());
  const [first = "", ...rest] = lines;
  const depth = Math.min(
    ...rest.filter((line) => line !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0),
  );
  const dedented = [
    first.trimStart(),
    ...rest.map((line) => (Number.isFinite(depth) ? line.slice(depth) : line)),
  ];
  while (dedented.at(-1) === "") dedented.pop();
  while (dedented[0] === "") dedented.shift();
  return dedented.join("\n");
}
