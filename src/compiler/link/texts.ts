import { codes } from "./codes.js";
import { type Field, type LinkContext, readString, wrongShape } from "./field.js";

/** Control characters, line ends of any kind, and the marks that turn the direction of text (they hide what stands there). */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/u;

/** Why a text cannot stand on one line of every generated file, or null. */
export function lineProblem(text: string, most: number): string | null {
  if (text.length === 0) return "it is empty";
  if (text.length > most) return `it is ${text.length} characters long; ${most} is the most`;
  const found = unprintable.exec(text);
  if (found !== null)
    return `it holds the character U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}, which does not show on a line`;
  if (/\p{Cs}/u.test(text)) return "it holds half of a surrogate pair";
  return null;
}

/** One visible line of text. */
export function readLine(context: LinkContext, field: Field, most: number): string | null {
  const text = readString(context, field);
  if (text === null) return null;
  const problem = lineProblem(text, most);
  if (problem === null) return text;
  context.diagnostics.push(codes.text(field.span(), `${field.label} cannot be used: ${problem}`));
  return null;
}

/** An absolute path of plain characters: it is written into XML, Zeek and shell, and read by people. */
export function readPath(context: LinkContext, field: Field): string | null {
  const path = readString(context, field);
  if (path === null) return null;
  if (/^(?:\/[A-Za-z0-9._+@-]+)+\/?$/.test(path) && path.length <= 200 && !/\/\.{1,2}(?:\/|$)/.test(path))
    return path.endsWith("/") ? path.slice(0, -1) : path;
  context.diagnostics.push(
    codes.path(
      field.span(),
      `${field.label} is ${JSON.stringify(path.slice(0, 80))}, which is not a path that every system takes`,
      "write an absolute path of letters, digits and . _ + @ -, without blanks and without . or .. as a folder",
    ),
  );
  return null;
}

const groupName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Group names of a rule; OSSEC finds them by substring, so they are plain words. */
export function readGroups(context: LinkContext, fields: readonly Field[]): readonly string[] {
  const groups: string[] = [];
  for (const field of fields) {
    const name = readString(context, field);
    if (name === null) continue;
    if (groupName.test(name)) {
      if (!groups.includes(name)) groups.push(name);
    } else wrongShape(context, field, "a group name: letters, digits, _ and -, at most 64, no comma");
  }
  return groups;
}

/** The secret word of the dedicated log: it becomes part of a column's name. */
export function readNoticeKey(
  context: LinkContext,
  field: Field,
  noticeLog: "dedicated" | "notice.log" | null,
): string | null {
  if (field.value === undefined) return null;
  const key = readString(context, field);
  if (key === null) return null;
  // The word itself is not repeated: messages end up in the logs of CI.
  const problem = !/^[A-Za-z0-9]{16,64}$/.test(key)
    ? "must be 16 to 64 letters and digits"
    : new Set(key.toLowerCase()).size < 6
      ? "can be guessed: it has hardly any different letters"
      : noticeLog === "notice.log"
        ? "is for the dedicated log: Zeek's notice.log is not the bundle's to change"
        : null;
  if (problem === null) return key;
  context.diagnostics.push(
    codes.text(field.span(), `${field.label} ${problem}`, "make one with: openssl rand -hex 16"),
  );
  return null;
}
