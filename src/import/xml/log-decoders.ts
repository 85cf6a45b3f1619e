/** Decoders that a log detection can stand for: what it says of the lines that they take and read. */
import type { LineForm, LogLineDetection } from "../../dsl/log.js";
import type { LogPattern, OsRegexPattern, Pcre2Pattern } from "../../dsl/pattern.js";
import type {
  DecoderDefinition,
  DecoderNode,
  FieldSlot,
  OrderField,
  PatternDefinition,
} from "../../ossec/definitions.js";
import { wholeWords } from "./conditions.js";
import { wazuhPcre2 } from "./patterns.js";
import { utf8Text } from "./texts.js";

/** What a log detection says of its lines. */
export type LineReading = Pick<
  LogLineDetection,
  "program" | "prematch" | "regex" | "offset" | "order" | "also" | "captures"
>;

type Captured = OsRegexPattern | Pcre2Pattern;

/** Takes and reads the lines that the decoder and its children do; null: no detection does. */
export function readingOf({ decoder, children }: DecoderNode, isWazuh: boolean): LineReading | null {
  if (![decoder, ...children].every(isPlain)) return null;
  const program = decoder.programName === null ? undefined : programOf(decoder.programName, isWazuh);
  const prematch = decoder.prematch === null ? undefined : captured(decoder.prematch, isWazuh);
  if (program === null || prematch === null) return null;
  const taken = {
    ...(program === undefined ? {} : { program }),
    ...(prematch === undefined ? {} : { prematch }),
  };
  if (children.length === 0) {
    if (decoder.regex === null) return taken;
    const regex = captured(decoder.regex, isWazuh);
    const order = orderOf(decoder.order ?? [], isWazuh);
    const isBehind = decoder.regexOffset === "after_prematch";
    if (regex === null || order === null || (!isBehind && decoder.regexOffset !== "none")) return null;
    return { ...taken, regex, ...offsetOf(prematch, isBehind), order, captures: "optional" };
  }
  if (decoder.regex !== null) return null;
  const forms = children.map((child) => formOf(child, prematch !== undefined, isWazuh));
  const [first, ...more] = forms.flatMap((form) => form ?? []);
  if (first === undefined || more.length + 1 < children.length) return null;
  const orders = children.map((child) => orderOf(child.order ?? [], isWazuh));
  const [order = null, ...others] = orders;
  if (order === null || others.some((other) => other?.join() !== order.join())) return null;
  const { regex, isBehind } = first;
  if (more.length === 0)
    return { ...taken, regex, ...offsetOf(prematch, isBehind), order, captures: "optional" };
  if (prematch !== undefined || program === undefined || !areApart(children)) return null;
  const also = more.map((form): LineForm => ({ regex: form.regex }));
  return { program, regex, order, also, captures: "optional" };
}

function offsetOf(prematch: Captured | undefined, isBehind: boolean): Pick<LogLineDetection, "offset"> {
  return prematch === undefined || isBehind ? {} : { offset: "none" };
}

/** It does nothing but take lines and read fields. */
function isPlain(one: DecoderDefinition): boolean {
  const { refused, plugin, type, fts, accumulate, useOwnName, ftsComment, getNext } = one;
  if (refused || plugin !== null || type !== "syslog" || fts.length > 0 || accumulate) return false;
  return !useOwnName && ftsComment === null && !getNext && (one.regex === null) === (one.order === null);
}

function programOf(pattern: PatternDefinition, isWazuh: boolean): string | LogPattern | null {
  const [only, ...more] = wholeWords(pattern) ?? [];
  if (only !== undefined && more.length === 0 && /^[A-Za-z0-9()@/_.-]{1,100}$/.test(only)) return only;
  const text = utf8Text(pattern.text);
  const { language } = pattern;
  if (text === null || pattern.negated === true) return null;
  return isWazuh ? asInWazuh(language, text) : { language, text };
}

function captured({ language, text: bytes, negated }: PatternDefinition, isWazuh: boolean): Captured | null {
  const text = utf8Text(bytes);
  if (text === null || negated === true) return null;
  if (language === "osmatch") return null;
  const written = isWazuh ? asInWazuh(language, text) : { language, text };
  return written === null || written.language === "osmatch" ? null : written;
}

/** What means to a bundle what the pattern means to Wazuh; null: nothing is known to. */
function asInWazuh(language: PatternDefinition["language"], text: string): LogPattern | null {
  if (language === "pcre2") return wazuhPcre2(text);
  // No literal letter beyond ASCII is ever found, and `!` turns an OS_Match around.
  if (!/^[\0-\x7f]*$/.test(text) || (language === "osmatch" && text.startsWith("!"))) return null;
  // Wazuh's own matcher takes another way back where there is more than one.
  return language === "osmatch" || hasOneWay(text) ? { language, text } : null;
}

interface Form {
  readonly regex: Captured;
  /** It begins behind the parent's prematch. */
  readonly isBehind: boolean;
}

/** What a child reads as one regex: its prematch, where it has one, is what the regex begins with. */
function formOf(child: DecoderDefinition, hasParent: boolean, isWazuh: boolean): Form | null {
  const { prematch, regex, regexOffset, prematchOffset } = child;
  const read = regex === null ? null : captured(regex, isWazuh);
  if (read === null) return null;
  if (prematch === null) {
    if (regexOffset === "after_parent") return hasParent ? { regex: read, isBehind: true } : null;
    return regexOffset === "none" ? { regex: read, isBehind: false } : null;
  }
  const start = fixedStart(prematch);
  if (start === null || read.language !== prematch.language) return null;
  const isBehind = prematchOffset === "after_parent";
  if (isBehind && !hasParent) return null;
  if (regexOffset === "none" && !isBehind)
    return read.text.startsWith(start) && !hasAlternatives(read.text) ? { regex: read, isBehind } : null;
  if (regexOffset !== "after_prematch" || !read.text.startsWith("^") || hasAlternatives(read.text))
    return null;
  return { regex: { language: read.language, text: start + read.text.slice(1) }, isBehind };
}

/** `^`, and text that stands for itself in each of the languages. */
function fixedStart({ language, text }: PatternDefinition): string | null {
  return (language === "osregex" || language === "pcre2") && /^\^[A-Za-z0-9 _:;,=@%"'/-]+$/.test(text)
    ? text
    : null;
}

function hasAlternatives(text: string): boolean {
  return text.includes("|");
}

/** No line fits the beginnings of two. */
function areApart(children: readonly DecoderDefinition[]): boolean {
  const starts = children.flatMap(({ prematch }) => (prematch === null ? [] : [prematch.text.toLowerCase()]));
  if (starts.length < children.length) return false;
  return starts.every((one, at) => starts.every((other, also) => at === also || !one.startsWith(other)));
}

/** Names of an order by the field that they fill. */
const names: Readonly<Record<FieldSlot, string>> = {
  srcip: "srcip",
  dstip: "dstip",
  srcport: "srcport",
  dstport: "dstport",
  srcuser: "srcuser",
  dstuser: "user",
  protocol: "protocol",
  action: "action",
  id: "id",
  url: "url",
  data: "data",
  extradata: "extra_data",
  status: "status",
  systemname: "system_name",
  filename: "filename",
};

function orderOf(order: readonly OrderField[], isWazuh: boolean): readonly string[] | null {
  const found: string[] = [];
  for (const field of order) {
    // To Wazuh `user` is what programs call the user that somebody logs in from.
    const name =
      field.kind === "dynamic"
        ? field.name
        : isWazuh && field.slot === "dstuser"
          ? "dstuser"
          : names[field.slot];
    if (field.kind === "dynamic" && !/^(?!.*filename)[a-z][a-z0-9_]{0,31}$/.test(name)) return null;
    if (found.includes(name)) return null;
    found.push(name);
  }
  return found.length === 0 ? null : found;
}

const classes: Readonly<Record<string, RegExp>> = { S: /\S/, d: /\d/, w: /[\w@-]/, s: / / };

/** An OS_Regex in which each repetition ends where the next letter is none of its own. */
function hasOneWay(text: string): boolean {
  const plain = text.replaceAll(/[()]/g, "");
  if (!/^\^/.test(plain) || plain.includes("|")) return false;
  for (const { 1: name = "", 2: next = "" } of plain.matchAll(/\\(.)[+*](\\?.?)/g)) {
    const members = classes[name];
    if (members === undefined) return false;
    if (next === "" || next === "$") continue;
    if (next.startsWith("\\") || members.test(next)) return false;
  }
  return true;
}
