import { cutOut, findBlocks, type Markers, type TextRange } from "../merge/merge.js";

/** The lines between which a bundle's part of a shared text file stands. */
export function hashMarkers(bundle: string): Markers {
  return { begin: `# zopf:begin ${bundle}\n`, end: `# zopf:end ${bundle}\n` };
}

/** A statement of pf.conf: one logical line, its comment and spare blanks gone. */
export interface Statement extends TextRange {
  readonly text: string;
}

/** The statements of a pf.conf. Lines joined by `\` and lists in braces are one statement. */
export function pfStatements(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  let words = "";
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf("\n", at);
    const end = feed === -1 ? text.length : feed + 1;
    const line = withoutComment(text.slice(at, feed === -1 ? text.length : feed));
    const joined = /\\\s*$/.test(line);
    const code = line.replace(/\\\s*$/, " ");
    words += ` ${code}`;
    for (const letter of code.replace(/"[^"]*"/g, "")) {
      if (letter === "{") depth += 1;
      else if (letter === "}") depth = Math.max(0, depth - 1);
    }
    at = end;
    if ((joined || depth > 0) && at < text.length) continue;
    const tidy = words.replace(/\s+/g, " ").trim();
    if (tidy !== "") statements.push({ text: tidy, start, end });
    start = end;
    words = "";
    depth = 0;
  }
  return statements;
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === "#" && !quoted) return line.slice(0, at);
  }
  return line;
}

const filterRule = /^(?:block|pass|match|antispoof|anchor|load anchor)\b/;

export function isPfFilterRule(statement: string): boolean {
  return filterRule.test(statement);
}

/**
 * A pf.conf with the bundle's lines in it: where its block stands already, else before the first filter rule
 * (the first quick rule that matches decides), else at the end. The same statements without markers are
 * taken out: they were put there by hand.
 */
export function mergedPf(text: string, bundle: string, content: string): string {
  const markers = hashMarkers(bundle);
  const block = `${markers.begin}${content.endsWith("\n") ? content : `${content}\n`}${markers.end}`;
  const blocks = findBlocks(text, markers);
  const rest = cutOut(text, blocks);
  const ours = new Set(pfStatements(content).map((statement) => statement.text));
  const statements = pfStatements(rest);
  const byHand = statements.filter((statement) => ours.has(statement.text));
  const first = blocks[0]?.start;
  const rule = statements.find((one) => filterRule.test(one.text) && !byHand.includes(one));
  const at = outsideBlocks(rest, first ?? (rule === undefined ? rest.length : rule.start));
  const before = cutOut(
    rest.slice(0, at),
    byHand.filter(({ end }) => end <= at),
  );
  const after = byHand
    .filter(({ start }) => start >= at)
    .map(({ start, end }) => ({ start: start - at, end: end - at }));
  const feed = before === "" || before.endsWith("\n") ? "" : "\n";
  return `${before}${feed}${block}${cutOut(rest.slice(at), after)}`;
}

/** The place, or the beginning of another bundle's block that it lies in. */
function outsideBlocks(text: string, at: number): number {
  let open: { readonly name: string; readonly start: number } | null = null;
  for (const { 0: line, 1: word, 2: name = "", index } of text.matchAll(/^# zopf:(begin|end) (\S+)$/gm)) {
    if (word === "begin" && open === null) open = { name, start: index };
    else if (word === "end" && open?.name === name) {
      if (open.start < at && at <= index + line.length) return open.start;
      open = null;
    }
  }
  return at;
}

/** A text file with the bundle's lines in a block of their own: in place, else at the end. */
export function mergedLines(text: string, bundle: string, content: string): string {
  const markers = hashMarkers(bundle);
  const block = `${markers.begin}${content.endsWith("\n") ? content : `${content}\n`}${markers.end}`;
  const blocks = findBlocks(text, markers);
  const rest = cutOut(text, blocks);
  const at = blocks[0]?.start;
  if (at !== undefined) return `${rest.slice(0, at)}${block}${rest.slice(at)}`;
  return `${rest}${rest === "" || rest.endsWith("\n") ? "" : "\n"}${block}`;
}

/** The bundle's lines of a text file, or of OSSEC's where the markers are; null: it has no block. */
export function blockContent(
  whole: string,
  markers: Markers,
): { readonly text: string; readonly start: number } | null {
  const [block] = findBlocks(whole, markers);
  if (block === undefined) return null;
  const inner = whole.slice(block.start + markers.begin.length, whole.lastIndexOf(markers.end, block.end));
  // A marker of XML is not a line by itself.
  const text = markers.begin.endsWith("\n") ? inner : inner.replace(/^\r?\n/, "");
  return { text, start: block.start };
}

export function withoutLines(text: string, bundle: string): string {
  return cutOut(text, findBlocks(text, hashMarkers(bundle)));
}

/** Settings of iplog.conf that belong to the host and that no bundle writes (iplog.conf(5)). */
const hostSettings =
  /^(?:user|group|pid-file|pidfile|lockfile|interface|facility|priority|log-in-local-format)\b|^set\s+(?:promisc|verbose|stdout|get_ident|ident_resolve|dns_cache)\b/;

const hostPart = "\n# This host's own.\n";

/** The bundle's part of an iplog.conf that a deploy wrote. */
export function iplogContent(text: string): string {
  const at = text.lastIndexOf(hostPart);
  return at === -1 ? text : text.slice(0, at);
}

/** The bundle's iplog.conf with the lines of the old one that depend on the host. */
export function mergedIplog(text: string, content: string): string {
  const given = new Set(content.split("\n").map((line) => line.trim()));
  const kept = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => hostSettings.test(line) && !given.has(line));
  return kept.length === 0 ? content : `${content}${hostPart}${kept.join("\n")}\n`;
}
