/**
 * The fields of a line, as a person would read them off: slow, and by no code that the translation uses. The proof of an
 * import asks it what a rule over lines is about.
 */
import { type SigmaEvent, wholeLine } from "./evaluate.js";
import type { LineFormat } from "./line-formats.js";

/**
 * null: it is no line of that form.
 *
 * @param format - null: lines without fields, which keywords alone are looked for in
 */
export function lineEvent(message: string, format: LineFormat | null): SigmaEvent | null {
  const fields = format === null ? [] : readers[format.name](message);
  return fields === null ? null : new Map([[wholeLine, message], ...fields]);
}

type Fields = readonly (readonly [string, string | readonly string[]])[];

const readers = { access: accessFields, sudo: sudoFields, auditd: auditFields } as const satisfies Record<
  LineFormat["name"],
  (message: string) => Fields | null
>;

/** Reads a line word by word. */
class Cursor {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  /** Up to the mark, which is read, too; null: it is not there. */
  upTo(mark: string): string | null {
    const at = this.#rest.indexOf(mark);
    if (at < 0) return null;
    const found = this.#rest.slice(0, at);
    this.#rest = this.#rest.slice(at + mark.length);
    return found;
  }

  /** What stands between two quotes, of which the first is read already. */
  quoted(): string | null {
    let found = "";
    for (let at = 0; at < this.#rest.length; at++) {
      const letter = this.#rest.charAt(at);
      if (letter === '"') {
        this.#rest = this.#rest.slice(at + 1);
        return found;
      }
      found += letter === "\\" ? letter + this.#rest.charAt(++at) : letter;
    }
    return null;
  }

  take(text: string): boolean {
    if (!this.#rest.startsWith(text)) return false;
    this.#rest = this.#rest.slice(text.length);
    return true;
  }

  word(): string {
    const found = /^[^ ]*/.exec(this.#rest)?.[0] ?? "";
    this.#rest = this.#rest.slice(found.length);
    return found;
  }
}

const isAddress = (text: string | undefined): boolean => /^[0-9a-f.:]+$/i.test(text ?? "");

/** Fields of a line of an access log; null: it is none. */
export function accessFields(message: string): Fields | null {
  const cursor = new Cursor(message);
  const head = cursor.upTo("[")?.split(" ");
  if (head === undefined || head.pop() !== "") return null;
  // host? address identity user…
  const withHost = isAddress(head[1]) && head.length >= 4 && /^[\w.-]+(?::\d+)?$/.test(head[0] ?? "");
  const host = withHost ? head.shift() : undefined;
  const [client = "", , ...user] = head;
  if (!isAddress(client) || user.length === 0 || cursor.upTo('] "') === null) return null;
  const request = cursor.quoted();
  if (request === null || !cursor.take(" ")) return null;
  const status = cursor.word();
  if (!/^\d+$/.test(status) || !cursor.take(" ")) return null;
  const size = cursor.word();
  const found: [string, string][] = [];
  const add = (names: string, value: string | undefined | null): void => {
    // A hyphen stands for what there is not.
    if (value !== undefined && value !== null && value !== "-")
      found.push(...names.split(" ").map((name): [string, string] => [name, unescaped(value)]));
  };
  add("cs-host vhost r-dns", host?.replace(/:\d+$/, ""));
  add("c-ip src_ip clientip client_ip", client);
  add("cs-username", user.join(" "));
  const [, method, uri, version] = /^([A-Za-z_-]+) (.*) (HTTP\/[0-9.]+)$/s.exec(request) ?? [];
  add("cs-method", method);
  add("c-uri cs-uri c-uri-query cs-uri-query", uri);
  add("c-uri-stem cs-uri-stem", uri?.split("?")[0]);
  add("cs-version", version);
  add("sc-status", status);
  add("sc-bytes", size);
  if (cursor.take(' "')) {
    add("cs-referer cs-referrer cs(referer)", cursor.quoted());
    if (cursor.take(' "')) add("cs-user-agent c-useragent cs(user-agent) user_agent", cursor.quoted());
  }
  return found;
}

/** What a web server was sent, of what it wrote. */
function unescaped(text: string): string {
  const letters: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", v: "\v", r: "\r" };
  const bytes: number[] = [];
  for (const [part] of text.matchAll(/\\x[0-9a-f]{2}|\\.|[^\\]+/gi)) {
    if (/^\\x../i.test(part)) bytes.push(Number.parseInt(part.slice(2), 16));
    else
      bytes.push(
        ...new TextEncoder().encode(
          part.startsWith("\\") ? (letters[part.charAt(1)] ?? part.charAt(1)) : part,
        ),
      );
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** Any line of sudo's has some of its fields, or none. */
function sudoFields(message: string): Fields {
  const seen = new Map<string, string[]>();
  let rest = /^[^:]* : (.*)$/s.exec(message)?.[1] ?? "";
  while (rest !== "") {
    const end = rest.indexOf(";");
    // What was called is the rest, whatever it looks like.
    const isLast = rest.startsWith("COMMAND=") || end < 0;
    const part = isLast ? rest : rest.slice(0, end);
    const [, name = "", value = ""] = /^(TTY|PWD|USER|GROUP|COMMAND)=(.*)$/s.exec(part) ?? [];
    if (name !== "" && (isLast || (value.endsWith(" ") && rest.charAt(end + 1) === " ")))
      seen.set(name.toLowerCase(), [
        ...(seen.get(name.toLowerCase()) ?? []),
        isLast ? value : value.slice(0, -1),
      ]);
    if (isLast || rest.charAt(end + 1) !== " ") break;
    rest = rest.slice(end + 2);
  }
  return [...seen];
}

function auditFields(message: string): Fields {
  const seen = new Map<string, string[]>();
  for (const [, name = "", value = ""] of message.matchAll(
    /(?<![^ '])([A-Za-z0-9_]+)="?([^"' ]*)(?=["' ]|$)/g,
  ))
    seen.set(name.toLowerCase(), [...(seen.get(name.toLowerCase()) ?? []), value]);
  return [...seen];
}
