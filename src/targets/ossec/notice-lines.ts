import type { Expression } from "../../model/expression.js";
import type { Model, ZeekDetectionModel, ZeekModel } from "../../model/model.js";
import { dedicatedName } from "../../model/zeek-names.js";

/** The pattern of the line's beginning, and one decoder pattern a line of names; they capture id and srcip. */
export interface NoticePatterns {
  readonly prematch: string;
  readonly decoders: readonly string[];
  /** Of a detection's capacity notice, which has no address; it captures the id. */
  readonly capacity: string;
}

/**
 * How a notice line reads, from the log's definition to the two patterns (PCRE2, caseless, bytes).
 *
 * @param longest - bytes of a pattern that the engine takes
 */
export function noticePatterns(
  zeek: ZeekModel,
  detections: readonly ZeekDetectionModel[],
  longest: number,
): NoticePatterns {
  const { noticeLog } = zeek;
  const json = noticeLog.kind === "dedicated" || noticeLog.format === "json";
  return json
    ? jsonPatterns(zeek.module, dedicatedName(noticeLog, "src"))
    : tsvPatterns(zeek.module, detections, longest);
}

/**
 * JSON: fields in the stream's order, unset ones left out, so that a notice without a connection begins with
 * ts, note, msg, src in both logs (docs/reference/zeek.md#notice-log). Every quote inside a value is written `\"`, therefore
 * the first `","src":"` behind the message's own closing quote is the typed column, whatever the message
 * says. The possessive quantifiers keep PCRE2's stack flat on long messages.
 */
function jsonPatterns(module: string, source: string): NoticePatterns {
  const head = String.raw`^\{"ts":"?[0-9TZ:.+-]+"?,"note":"${module}::`;
  const text = String.raw`[^"\\]*+(?:\\.[^"\\]*+)*+`;
  return {
    prematch: head,
    decoders: [`${head}([A-Z0-9_]+)","msg":"${text}","${source}":"([0-9A-F.:]+)"`],
    capacity: `${head}([A-Z0-9_]+_Capacity)","msg":"`,
  };
}

/** Names in one pattern take so many bytes at most: the decoders stay readable. */
const longestNames = 4_000;

/**
 * TSV: 3.8 and later delete the TABs, so that every column is glued to the next (docs/reference/ossec.md#pre-decoding). The address
 * is still taken from the typed column, read from the line's end: `-` (sub), the address, `-` three times (dst,
 * p, n), the peer, the actions, and the rest, which holds no `:`. None of the columns behind the address is an
 * attacker's to fill; a peer's name holds neither `.` nor `:`, which every address does; and behind a list of
 * actions that is written into the message, the real one's `::` still follows. So no text in the message can
 * stand in for the column. Peer names are short, so the search stays linear. A line that may have been cut
 * within its message (docs/reference/ossec.md#life-of-an-event) is not read: its end would be the message's. Zeek escapes control bytes,
 * so that only the TABs are missing in what the decoder sees.
 */
function tsvPatterns(
  module: string,
  detections: readonly ZeekDetectionModel[],
  longest: number,
): NoticePatterns {
  const start = String.raw`[0-9]{9,11}\.[0-9]{6}(?:\t?-){9}\t?${module}::`;
  const actions = "Notice::ACTION_[A-Z_]++(?:,Notice::ACTION_[A-Z_]++)*+";
  const tail = String.raw`.*-\t?([0-9A-F.:]++)\t?-\t?-\t?-\t?[A-Z0-9_-]{1,64}\t?${actions}(?:\t?\(empty\))?[^:()]*+$`;
  const pattern = (names: readonly string[]): string =>
    String.raw`^(?!.{5500})${start}(${names.join("|")})\t?${tail}`;
  // Some bytes are for `(?i)`.
  const room = Math.min(longestNames, longest - pattern([]).length - 10);
  return {
    prematch: `^${start}`,
    decoders: nameGroups(detections, room).map(pattern),
    // Asked for last: a line with an address is another notice's, whatever its message begins with.
    capacity: String.raw`^${start}([A-Z0-9_]+?_Capacity)\t?[A-Z0-9_]++ follows [0-9]++ keys,`,
  };
}

/** Longest first: where one name begins with another one, the glued text is tried as the longer name. */
function nameGroups(detections: readonly ZeekDetectionModel[], room: number): readonly (readonly string[])[] {
  const names = detections.map(({ name }) => name);
  names.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const groups: string[][] = [];
  let length = room;
  for (const name of names) {
    length += name.length + 1;
    if (length > room) {
      groups.push([]);
      length = name.length;
    }
    groups.at(-1)?.push(name);
  }
  return groups;
}

/**
 * Why somebody on the network could choose the address or the detection that OSSEC reads from the notice, or
 * null where the line cannot be forged. JSON never can; a TSV line only where its glued columns read two ways.
 */
export function forgeable(model: Model, detection: ZeekDetectionModel): string | null {
  const noticeLog = model.zeek?.noticeLog;
  if (noticeLog === undefined || noticeLog.kind === "dedicated" || noticeLog.format === "json") return null;
  const start = literalStart(detection.message);
  const name = detection.name.toLowerCase();
  for (const other of model.detections) {
    if (other.kind !== "zeek" || other === detection) continue;
    const longer = other.name.toLowerCase();
    if (!longer.startsWith(name)) continue;
    const rest = longer.slice(name.length);
    const text = start.text.toLowerCase();
    if (text.startsWith(rest) || (!start.whole && rest.startsWith(text)))
      return `without TABs, the name ${detection.name} and its message can read as the name ${other.name}: begin the message with a word that does not continue the name`;
  }
  return null;
}

/** What a text expression always begins with; `whole` where that is all of it. */
function literalStart(expression: Expression): { readonly text: string; readonly whole: boolean } {
  if (expression.kind === "literal") return { text: String(expression.value), whole: true };
  if (expression.kind === "binary" && expression.operator === "+") {
    const left = literalStart(expression.left);
    if (!left.whole) return left;
    const right = literalStart(expression.right);
    return { text: left.text + right.text, whole: right.whole };
  }
  if (expression.kind === "call" && expression.function === "cat") {
    let text = "";
    for (const argument of expression.arguments) {
      const part = literalStart(argument);
      text += part.text;
      if (!part.whole) return { text, whole: false };
    }
    return { text, whole: true };
  }
  if (expression.kind === "call" && expression.function === "sub_bytes") {
    const [cut] = expression.arguments;
    return { text: cut === undefined ? "" : literalStart(cut).text, whole: false };
  }
  if (expression.kind === "call" && expression.function === "fmt") {
    const [format] = expression.arguments;
    if (format?.kind === "literal") return { text: String(format.value).split("%")[0] ?? "", whole: false };
  }
  return { text: "", whole: false };
}
