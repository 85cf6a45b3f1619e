import type { Dialect } from "../ossec/dialect.js";
import type { XmlDocument, XmlElement } from "../ossec/xml/document.js";
import { readXml } from "../ossec/xml/read.js";
import { sourceText } from "../ossec/xml/source.js";
import type { Owns } from "../targets/manifest.js";
import { splitNamedFiles } from "./named-files.js";

/** Which of OSSEC's files a text is: each has our entries in other elements. */
export type OssecFileKind = "decoders" | "rules" | "conf";

/** The lines between which a bundle's part of a shared file stands. */
export interface Markers {
  readonly begin: string;
  readonly end: string;
}

export function xmlMarkers(bundle: string): Markers {
  return { begin: `<!-- zopf:begin ${bundle} -->`, end: `<!-- zopf:end ${bundle} -->` };
}

/** Those of the names of its files, which stand inside the host's own `<rules>` or `<ruleset>`. */
export function namedFilesMarkers(bundle: string): Markers {
  return xmlMarkers(`${bundle} files`);
}

/** What a merge is about. All texts are latin1. */
export interface Merge {
  readonly kind: OssecFileKind;
  readonly bundle: string;
  /** What this build owns, and what the deployed version does. */
  readonly owners: readonly Owns[];
  /** The emitted file: its entries were perhaps put there by hand. */
  readonly content: string;
  readonly dialect: Dialect;
}

/** A part of a text, from `start` to before `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A shared file with the bundle's part in it: where its block stands already, else at the end. What the
 * bundle owns elsewhere is taken out, and everybody else's bytes stay as they are. Merging twice is merging
 * once. A file that cannot be parsed loses only the block.
 */
export function merged(text: string, merge: Merge): string {
  if (merge.kind !== "conf") return withBlock(text, merge);
  const bare = cutOut(text, findBlocks(text, namedFilesMarkers(merge.bundle)));
  const { rest, named } = splitNamedFiles(merge.content);
  if (named === null) return withBlock(bare, merge);
  // A second section would begin the host's own lists anew (docs/reference/ossec.md#configuration); Wazuh's would read
  // the stock folders once more, without what the host's own section excludes.
  const whole = withBlock(bare, { ...merge, content: rest });
  const at = endOfSection(whole, named.section, merge);
  if (at === null) return withBlock(bare, merge);
  const { begin, end } = namedFilesMarkers(merge.bundle);
  return `${whole.slice(0, at)}${begin}\n${named.names}${end}\n${whole.slice(at)}`;
}

/** Where the last such section ends: before the line of its closing tag, if that stands alone; null: there is none. */
function endOfSection(text: string, section: string, { dialect }: Merge): number | null {
  const { roots } = readXml(sourceText("", text), { dialect, variables: false });
  const last = roots
    .flatMap(({ children }) => children)
    .filter(({ name }) => name === section)
    .at(-1);
  if (last === undefined) return null;
  const close = last.contentEnd;
  const line = text.lastIndexOf("\n", close) + 1;
  return text.slice(line, close).trim() === "" ? line : close;
}

function withBlock(text: string, merge: Merge): string {
  const { begin, end } = xmlMarkers(merge.bundle);
  const content = merge.content.endsWith("\n") || merge.content === "" ? merge.content : `${merge.content}\n`;
  const block = `${begin}\n${content}${end}\n`;
  const { rest, at, ranges } = others(text, merge);
  if (at === null) {
    const kept = cutOut(rest, ranges);
    return `${kept}${kept === "" || kept.endsWith("\n") ? "" : "\n"}${block}`;
  }
  const before = cutOut(
    rest.slice(0, at),
    ranges.filter(({ end: stop }) => stop <= at),
  );
  const after = ranges.filter(({ start }) => start >= at);
  return `${before}${block}${cutOut(
    rest.slice(at),
    after.map((range) => ({ start: range.start - at, end: range.end - at })),
  )}`;
}

/** The shared file without anything of the bundle: what is left when it goes. */
export function withoutBundle(text: string, merge: Merge): string {
  const { rest, ranges } = others(cutOut(text, findBlocks(text, namedFilesMarkers(merge.bundle))), merge);
  return cutOut(rest, ranges);
}

/** The ranges of a bundle's blocks, markers and the line end behind them included. */
export function findBlocks(text: string, { begin, end }: Markers): readonly TextRange[] {
  const found: TextRange[] = [];
  for (let from = 0; ; ) {
    const start = text.indexOf(begin, from);
    if (start === -1) return found;
    const stop = text.indexOf(end, start + begin.length);
    if (stop === -1) return found; // cut by hand: nobody can say where ours ends
    const behind = stop + end.length;
    from = behind + (text.startsWith("\r\n", behind) ? 2 : text.startsWith("\n", behind) ? 1 : 0);
    found.push({ start, end: from });
  }
}

/** Whether a shared file holds bundles' blocks and nothing else: `deploy` made it, and no installation stands around it. */
export function holdsBlocksAlone(text: string): boolean {
  return text.replaceAll(/<!-- zopf:begin (\S+) -->.*?<!-- zopf:end \1 -->/gs, "").trim() === "";
}

export function cutOut(text: string, ranges: readonly TextRange[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    pieces.push(text.slice(at, start));
    at = end;
  }
  return pieces.join("") + text.slice(at);
}

interface Others {
  /** The text without the bundle's blocks. */
  readonly rest: string;
  /** Where in it the block stood, between other root elements; null: nowhere, or inside something. */
  readonly at: number | null;
  /** What in it is the bundle's as well. */
  readonly ranges: readonly TextRange[];
}

function others(text: string, merge: Merge): Others {
  const blocks = findBlocks(text, xmlMarkers(merge.bundle));
  const rest = cutOut(text, blocks);
  const first = blocks[0]?.start ?? null;
  const document = readXml(sourceText("", rest), { dialect: merge.dialect, variables: false });
  if (document.problem !== null) return { rest, at: first, ranges: [] };
  const inside = first !== null && document.roots.some(({ start, end }) => start < first && first < end);
  return { rest, at: inside ? null : first, ranges: ownedRanges(document, merge) };
}

function ownedRanges(document: XmlDocument, merge: Merge): readonly TextRange[] {
  const ranges: TextRange[] = [];
  const locations = merge.kind === "conf" ? locationsOf(merge) : new Set<string>();
  for (const root of document.roots) {
    if (merge.kind === "decoders") {
      const name = attribute(root, "name");
      if (root.name === "decoder" && merge.owners.some(({ decoders }) => decoders.includes(name)))
        ranges.push(root);
      continue;
    }
    const owned = root.children.filter((element) => isOwned(element, merge));
    if (owned.length === 0) continue;
    // A whole block that was appended by hand, with the white list and the log files in it.
    const whole = root.children.every((child) => owned.includes(child) || goesAlong(child, locations));
    ranges.push(...(whole ? [root] : owned));
  }
  return ranges;
}

function isOwned(element: XmlElement, { kind, owners }: Merge): boolean {
  if (kind === "rules")
    return (
      element.name === "rule" &&
      owners.some(({ ruleIds }) => ruleIds.includes(Number(attribute(element, "id"))))
    );
  const name =
    element.name === "command"
      ? childValue(element, "name")
      : element.name === "active-response"
        ? childValue(element, "command")
        : null;
  return name !== null && owners.some(({ commands }) => commands.includes(name));
}

function goesAlong(element: XmlElement, locations: ReadonlySet<string>): boolean {
  if (element.name === "global")
    return element.children.every(({ name }) => name === "white_list" || name === "allow_list");
  if (element.name === "rules" || element.name === "ruleset")
    return element.children.every(({ name }) => name === "list" || name.endsWith("_include"));
  return element.name === "localfile" && locations.has(childValue(element, "location"));
}

function locationsOf({ content, dialect }: Merge): ReadonlySet<string> {
  const { roots } = readXml(sourceText("", content), { dialect, variables: false });
  return new Set(
    roots
      .flatMap(({ children }) => children)
      .filter(({ name }) => name === "localfile")
      .map((element) => childValue(element, "location")),
  );
}

export function attribute(element: XmlElement, name: string): string {
  return element.attributes.find((one) => one.name === name)?.value ?? "";
}

export function childValue(element: XmlElement, name: string): string {
  return element.children.find((child) => child.name === name)?.value.trim() ?? "";
}
