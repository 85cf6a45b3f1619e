import { ossecDialects } from "../dialects.js";
import type { XmlAttribute, XmlElement } from "../xml/document.js";
import { readXml } from "../xml/read.js";
import { sourceText } from "../xml/source.js";

/** Which of Wazuh's files a text is. */
export type WazuhFileKind = "decoders" | "rules" | "conf";

/** The engine whose reader takes Wazuh's XML: both readers are the same one. */
const dialect = ossecDialects["3.7"];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A file of Wazuh's in OSSEC's words, with every line where it was (latin1; docs/reference/wazuh.md#in-short):
 *
 * - `<regex type="pcre2">` is `<pcre2>`, any other element of that type has `_pcre2` behind its name; what stands
 *   in it minds the case of letters, unless it begins with `(?i)`;
 * - a frequency is two less, since Wazuh's N fires on the N-th event;
 * - `<location>` in a rule goes: it looks at the name of the log, which OSSEC's rules cannot;
 * - the log format `json` is `syslog`, and a `<command>` without `<expect>` expects what a response of Wazuh
 *   is given anyway.
 *
 * What is left is what both engines read alike; other words of Wazuh's are left for the loader to refuse.
 */
export function wazuhAsOssec(text: string, kind: WazuhFileKind): string {
  const { roots } = readXml(sourceText("", text), { dialect, variables: false });
  const edits: Edit[] = [];
  switch (kind) {
    case "decoders":
      for (const { children } of roots)
        for (const child of children) edits.push(...patternEdits(text, child));
      break;
    case "rules":
      for (const rule of roots.flatMap(({ children }) => children)) {
        edits.push(...rule.attributes.flatMap(frequencyEdit));
        for (const child of rule.children)
          edits.push(
            ...(child.name === "location" ||
            child.name === "global_frequency" ||
            child.name === "same_srcuser"
              ? [blank(text, child)]
              : [...negation(child), ...patternEdits(text, child)]),
          );
      }
      break;
    case "conf":
      for (const section of roots.flatMap(({ children }) => children))
        edits.push(...(section.name === "ruleset" ? [blank(text, section)] : sectionEdits(section)));
      break;
  }
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce(
    (rest, { start, end, text: put }) => rest.slice(0, start) + put + rest.slice(end),
    text,
  );
}

function patternEdits(text: string, element: XmlElement): readonly Edit[] {
  const type = element.attributes.find(({ name }) => name === "type");
  if (type?.value !== "pcre2") return [];
  const name = element.name === "regex" ? "pcre2" : `${element.name}_pcre2`;
  const rest = element.attributes
    .filter((attribute) => attribute !== type)
    .map((attribute) => ` ${attribute.name}="${attribute.value}"`);
  const closing = text.lastIndexOf(element.name, element.end);
  const caseless = text.startsWith("(?i)", element.contentStart);
  return [
    {
      start: element.start,
      end: element.openEnd,
      text: `<${name}${rest.join("")}>${caseless ? "" : "(?-i)"}`,
    },
    ...(caseless ? [{ start: element.contentStart, end: element.contentStart + 4, text: "" }] : []),
    { start: closing, end: closing + element.name.length, text: name },
  ];
}

function negation({ attributes, openEnd }: XmlElement): readonly Edit[] {
  return attributes.some(({ name, value }) => name === "negate" && value === "yes")
    ? [{ start: openEnd, end: openEnd, text: "!" }]
    : [];
}

function frequencyEdit({ name, value, valueStart, valueEnd }: XmlAttribute): readonly Edit[] {
  return name === "frequency" && /^\d{1,4}$/.test(value)
    ? [{ start: valueStart, end: valueEnd, text: String(Math.max(0, Number(value) - 2)) }]
    : [];
}

function blank(text: string, { start, end }: XmlElement): Edit {
  return { start, end, text: text.slice(start, end).replace(/[^\n]/g, " ") };
}

function sectionEdits({ name, children, openEnd }: XmlElement): readonly Edit[] {
  if (name === "localfile")
    return children
      .filter((child) => child.name === "log_format" && child.value === "json")
      .map(({ contentStart, contentEnd }) => ({ start: contentStart, end: contentEnd, text: "syslog" }));
  return name === "command" && !children.some((child) => child.name === "expect")
    ? [{ start: openEnd, end: openEnd, text: "<expect>srcip</expect>" }]
    : [];
}

/** The names of fields that the rules look at: what a JSON decoder has to find for them. */
export function fieldNames(rules: string): readonly string[] {
  const { roots } = readXml(sourceText("", rules), { dialect, variables: false });
  const named = roots
    .flatMap(({ children }) => children)
    .flatMap(({ children }) => children)
    .filter(({ name }) => name === "field")
    .flatMap(({ attributes }) => attributes.filter(({ name }) => name === "name").map(({ value }) => value));
  return [...new Set(named)];
}

const jsonText = String.raw`"(?:[^"\\]++|\\.)*+"`;
const jsonMember = String.raw`${jsonText}:(?:${jsonText}|[^"\[\]{},]++|\[[^\[\]]*+\]),`;

/**
 * Wazuh's JSON decoder for the flat objects that Zeek writes, as decoders of OSSEC's: the member `srcip` and
 * those that are named become fields. A name inside a text is none: every member is walked over whole.
 */
export function jsonDecoder(fields: readonly string[]): string {
  const children = [
    "srcip",
    ...fields.filter((name) => /^[A-Za-z0-9_]+$/.test(name) && name !== "srcip"),
  ].map(
    (name) => `<decoder name="json_fields">
  <parent>json</parent>
  <pcre2>^\\{(?:${jsonMember})*?"(?-i:${name})":"((?:[^"\\\\]++|\\\\.)*+)"</pcre2>
  <order>${name}</order>
</decoder>
`,
  );
  return `<decoder name="json">
  <prematch_pcre2>^\\{\\s*"</prematch_pcre2>
</decoder>
${children.join("")}`;
}
