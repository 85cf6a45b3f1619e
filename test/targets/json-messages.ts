import { random } from "../firewall/generate.js";

/** A value of a JSON text with every member, doubles too. */
type Node =
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Node])[] }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "other" };

/** Null where the text is no JSON. It takes and refuses what JSON.parse does. */
function parse(text: string): Node | null {
  let at = 0;
  const blank = (): void => {
    while (" \t\r\n".includes(text.charAt(at)) && at < text.length) at += 1;
  };
  const string = (): string | null => {
    const found = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
    found.lastIndex = at;
    const token = found.exec(text)?.[0];
    if (token === undefined) return null;
    at += token.length;
    return JSON.parse(token);
  };
  const value = (): Node | null => {
    blank();
    const mark = text.charAt(at);
    if (mark === '"') {
      const found = string();
      return found === null ? null : { kind: "string", text: found };
    }
    if (mark === "{" || mark === "[") {
      const end = mark === "{" ? "}" : "]";
      const members: (readonly [string, Node])[] = [];
      at += 1;
      blank();
      if (text.charAt(at) === end) {
        at += 1;
        return mark === "{" ? { kind: "object", members } : { kind: "other" };
      }
      for (;;) {
        blank();
        const name = mark === "{" ? string() : "";
        if (name === null) return null;
        blank();
        if (mark === "{" && text.charAt(at++) !== ":") return null;
        const found = value();
        if (found === null) return null;
        members.push([name, found]);
        blank();
        const next = text.charAt(at++);
        if (next === end) return mark === "{" ? { kind: "object", members } : { kind: "other" };
        if (next !== ",") return null;
      }
    }
    const word = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
    word.lastIndex = at;
    const token = word.exec(text)?.[0];
    if (token === undefined) return null;
    at += token.length;
    return { kind: "other" };
  };
  const found = value();
  blank();
  return at === text.length ? found : null;
}

const inner = [
  ["parameters"],
  ["parameters", "alert"],
  ["parameters", "alert", "data"],
  ["parameters", "alert", "rule"],
];
const leaves = [
  ["command"],
  ["parameters", "alert", "data", "srcip"],
  ["parameters", "alert", "rule", "id"],
  ["parameters", "alert", "id"],
];

/** What the script has to read out of a line: command, srcip, rule and alert. */
export function expectedStrings(text: string): string {
  const root = parse(text);
  let legal = true;
  try {
    JSON.parse(text);
  } catch {
    legal = false;
  }
  if (legal !== (root !== null)) throw new Error(`the two parsers disagree about ${JSON.stringify(text)}`);
  if (root === null) return "no-json - - -";
  const at = (path: readonly string[]): Node | "twice" | null =>
    path.reduce<Node | "twice" | null>((node, name) => {
      if (node === null || node === "twice" || node.kind !== "object") return node === "twice" ? node : null;
      const found = node.members.filter(([key]) => key === name);
      return found.length > 1 ? "twice" : (found[0]?.[1] ?? null);
    }, root);
  const all = [...inner, ...leaves].map(at);
  if (all.includes("twice")) return "no-json - - -";
  return leaves
    .map((path) => {
      const found = at(path);
      const value = found !== null && found !== "twice" && found.kind === "string" ? found.text : "";
      // The generator makes no strings of a length between these, which the script may look at or not.
      if (value.length > 240) return "=";
      const harmless = value.slice(0, 80).replace(/[^A-Za-z0-9.:@+-]/g, "=");
      return harmless === "" ? "-" : harmless;
    })
    .join(" ");
}

/** A message as wazuh-execd writes it, with `srcip` and an alert's own words. */
export function message(command: string, data: Readonly<Record<string, unknown>>, log = "log"): string {
  return JSON.stringify({
    version: 1,
    origin: { name: "node01", module: "wazuh-execd" },
    command,
    parameters: {
      extra_args: [],
      alert: {
        timestamp: "2026-06-11T11:00:01.393+0000",
        rule: { level: 6, description: "scan", id: "100800", groups: ["zeek", "scan"] },
        agent: { id: "000", name: "sensor" },
        id: "1781175601.223844",
        full_log: log,
        decoder: { name: "json" },
        data,
        location: "/opt/zeek/logs/current/zopf_watch.log",
      },
      program: "active-response/bin/watch-firewall-drop.sh",
    },
  });
}

/** Hostile lines: real messages with other things written into them, broken ones, doubles, escapes, depths. */
export function messages(count: number, seed: number, ascii = false): readonly string[] {
  const next = random(seed);
  const pick = (list: readonly string[]): string => list[next(list.length)] ?? "";
  const names = [
    "command",
    "parameters",
    "alert",
    "data",
    "srcip",
    "rule",
    "id",
    "extra_args",
    "full_log",
    "x",
  ];
  const addresses = ["1.2.3.4", "203.0.113.9", "2a01:4f8::1"];
  const texts = [
    ...["add", "delete", "1.2.3.4", "203.0.113.9", "2a01:4f8::1", "10.0.0.1", "self", "", "0.0.0.0/0", "-k"],
    ...[
      '","srcip":"8.8.8.8',
      '{"srcip":"8.8.8.8"}',
      "\\",
      '"',
      '\\\\"',
      "}}}",
      "\n",
      "\t",
      "\u0001",
      "/",
      "=",
      "$(id)",
    ],
    ...["1.2.3.4 5.6.7.8", "1.2.3.4\n5.6.7.8", "x".repeat(300), "parameters/alert", "%s", "-", "a b", "*"],
    ...(ascii ? [] : ["\u00e9\u00ff", "\u0080", "\u007f"]),
  ];
  const quoted = (text: string): string => {
    const plain = JSON.stringify(text).replace(/[\u0100-\uffff]/g, "?");
    if (next(6) !== 0 || text.length > 60) return plain;
    // The same text with some of its letters escaped.
    return `"${[...text]
      .map((letter) =>
        next(3) === 0 || /["\\\u0000-\u001f]/.test(letter)
          ? `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`
          : letter,
      )
      .join("")}"`;
  };
  const space = (): string => (next(12) === 0 ? pick([" ", "  ", "\t", "\r", " \t "]) : "");
  const value = (depth: number): string => {
    switch (next(depth > 5 ? 4 : 7)) {
      case 0:
        return pick(["1", "-0", "1.5e3", "true", "false", "null", "0", "-12.25E-2"]);
      case 4:
        return `[${Array.from({ length: next(4) }, () => space() + value(depth + 1) + space()).join(",")}]`;
      case 5:
      case 6:
        return object(depth + 1);
      default:
        return quoted(pick(texts));
    }
  };
  const object = (depth: number): string =>
    `{${Array.from({ length: next(5) }, () => `${space()}${quoted(pick([...names, ...texts]))}${space()}:${space()}${value(depth)}`).join(",")}${space()}}`;
  const chain = (): string => {
    const srcip = `${quoted("srcip")}:${quoted(pick(next(2) === 0 ? addresses : texts))}`;
    const extra = (depth: number): string =>
      next(2) === 0 ? "" : `${quoted(pick(names.slice(next(3) === 0 ? 0 : 7)))}:${value(depth)},`;
    const data = `{${extra(4)}${srcip}${next(8) === 0 ? `,${srcip}` : ""}}`;
    const alert = `{${extra(3)}"full_log":${quoted(pick(texts) + pick(texts))},"data":${data}}`;
    return `{${extra(1)}"command":${quoted(pick(next(4) === 0 ? texts : ["add", "delete"]))},"parameters":{${extra(2)}"alert":${alert}}}`;
  };
  const broken = (text: string): string => {
    const at = next(text.length + 1);
    switch (next(4)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return (
          text.slice(0, at) +
          pick(['"', "\\", "{", "}", "[", "]", ",", ":", "1", " ", "\\u12", "x"]) +
          text.slice(at)
        );
      case 2:
        return text.slice(0, at) + text.slice(at + 1 + next(3));
      default:
        return text + pick([" ", "{}", "1", "}", '"', ",", "x"]);
    }
  };
  const shapes: readonly (() => string)[] = [
    chain,
    chain,
    chain,
    () => broken(chain()),
    () => value(0),
    () => broken(value(0)),
    () => message(pick(["add", "delete"]), { srcip: pick(texts), note: pick(texts) }, pick(texts)),
    () => broken(message("add", { srcip: pick(texts) }, pick(texts))),
  ];
  return Array.from({ length: count }, () => (shapes[next(shapes.length)] ?? chain)())
    .map((text) => text.replace(/[\n\0]/g, ""))
    .filter((text) => !ascii || /^[ -~\t\r]*$/.test(text));
}
