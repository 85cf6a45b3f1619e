/**
 * A small lexer of Zeek, for tests: enough to see that an emitted script is well formed and that no user's
 * text has got out of its string or comment. Rules: docs/reference/zeek.md#text-and-names, #values.
 */
export interface Token {
  readonly kind: "word" | "number" | "string" | "pattern" | "symbol" | "directive" | "attribute";
  readonly text: string;
  readonly line: number;
}

const shapes: readonly (readonly [Token["kind"] | "blank" | "comment", RegExp])[] = [
  ["blank", /[ \t\n]+/y],
  ["comment", /#[^\n]*/y],
  ["directive", /@(?:load|if|else|endif|ifdef|ifndef)\b[^\n(]*/y],
  ["attribute", /&(?:log|optional|default|redef|priority|create_expire|write_expire|read_expire)\b/y],
  ["string", /"(?:[^"\\\n\x00-\x1f\x7f-\uffff]|\\[\\"ntrabfv]|\\x[0-9A-Fa-f]{2}(?![0-9A-Fa-f]?\\?$))*"/y],
  ["number", /(?:[0-9]+\.[0-9]+|[0-9]+)(?:e[+-]?[0-9]+)?(?:usec|msec|sec|min|hr|day)?\b/y],
  ["word", /[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*/y],
  ["symbol", /\?\$|!in\b|\+\+|\+=|-=|==|!=|<=|>=|&&|\|\||[-+*/%<>=!?:;,.$|()[\]{}]/y],
];
const pattern = /\/(?:[^/\\\n]|\\[^\n])+\/i?/y;

/** The tokens of a script without its comments; throws at the first thing that is no Zeek. */
export function tokens(source: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const last = found.at(-1);
    const operand =
      last !== undefined && (last.kind === "number" || last.kind === "string" || /^[\w)\]]/.test(last.text));
    const startsPattern = source[at] === "/" && !(operand && last?.text !== "in");
    const hit = startsPattern ? match("pattern", pattern, source, at) : firstMatch(source, at);
    if (hit === null) throw new Error(`line ${line}: no Zeek: ${JSON.stringify(source.slice(at, at + 60))}`);
    if (hit.kind !== "blank" && hit.kind !== "comment") found.push({ kind: hit.kind, text: hit.text, line });
    line += hit.text.split("\n").length - 1;
    at += hit.text.length;
  }
  return found;
}

interface Found {
  readonly kind: Token["kind"] | "blank" | "comment";
  readonly text: string;
}

function match(kind: Found["kind"], shape: RegExp, source: string, at: number): Found | null {
  shape.lastIndex = at;
  const text = shape.exec(source)?.[0];
  return text === undefined ? null : { kind, text };
}

function firstMatch(source: string, at: number): Found | null {
  for (const [kind, shape] of shapes) {
    const hit = match(kind, shape, source, at);
    if (hit !== null) return hit;
  }
  return null;
}

const reserved = new Set(
  (
    "add addr any as assert bool break case const copy count default delete double else enum event export fallthrough file " +
    "for function global hook if in int interval is local module next of opaque option pattern port print record redef " +
    "return schedule set string subnet switch table time timeout T F type vector when while"
  ).split(" "),
);

/** Names of Zeek's own that an emitted local or parameter must not have. */
const taken = new Set(
  "tcp udp icmp fmt cat any_set network_time to_lower sort order resize strlen sub gsub find_str strstr open close connection".split(
    " ",
  ),
);

/** What is wrong with a script, in words; empty when nothing is. */
export function problems(source: string): readonly string[] {
  const found: string[] = [];
  const all = tokens(source);
  const open: Token[] = [];
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  const globals = new Map<string, string>();
  let directives = 0;
  for (const [index, token] of all.entries()) {
    const { kind, text, line } = token;
    const next = all[index + 1];
    if (kind === "directive" && /^@if/.test(text)) directives++;
    if (kind === "directive" && /^@endif/.test(text)) directives--;
    if (kind === "symbol" && "([{".includes(text)) open.push(token);
    const partner = pairs[text];
    if (kind === "symbol" && partner !== undefined && open.pop()?.text !== partner)
      found.push(`line ${line}: ${text} without ${partner}`);
    if (kind === "word" && /^(?:local|global|option|const|function|type|redef)$/.test(text)) {
      const name = next?.kind === "word" ? next.text : "";
      const isType = text === "redef" && /^(?:enum|record)$/.test(name);
      if (name !== "" && !isType && reserved.has(name)) found.push(`line ${line}: ${name} is reserved`);
      if (text === "local" && taken.has(name)) found.push(`line ${line}: ${name} is Zeek's`);
      if (/^(?:global|option|const|type)$/.test(text)) {
        if (globals.has(name)) found.push(`line ${line}: ${name} is declared twice`);
        globals.set(name, text);
      }
    }
    if (kind === "symbol" && text === "$" && next !== undefined && reserved.has(next.text))
      found.push(`line ${line}: field ${next.text} is reserved`);
    if (kind === "word" && text === "next" && next?.text !== ";")
      found.push(`line ${line}: next is a statement`);
  }
  for (const { text, line } of open) found.push(`line ${line}: ${text} is not closed`);
  if (directives !== 0) found.push("@if without @endif");
  if (!source.endsWith("\n")) found.push("no newline at the end");
  if (/[ \t]\n/.test(source)) found.push("blank at the end of a line");
  if (/\n\n\n/.test(source)) found.push("two empty lines");
  return found;
}

/** The shape of a script: its tokens with every string's content left out. */
export function skeleton(source: string): string {
  return tokens(source)
    .map(({ kind, text }) => (kind === "string" ? '""' : text))
    .join(" ");
}
