import { type Value, ZeekError } from "./zeek-reference-values.js";

/** Zeek's pattern as a regular expression of JavaScript over bytes. */
export function patternToRegExp(source: string, flags: string, whole: boolean): RegExp {
  const stack: string[] = [flags];
  let out = "";
  let at = 0;
  const dot = (): string => (stack.at(-1)?.includes("s") ? "[^]" : "[^\\n]");
  const byte = (): number => {
    const next = source[at++] ?? "";
    if (next !== "\\") return next.charCodeAt(0);
    const match = /^(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([\s\S]))/.exec(source.slice(at));
    if (match === null) throw new ZeekError("escape");
    at += match[0].length;
    if (match[1] !== undefined) return Number.parseInt(match[1], 16);
    if (match[2] !== undefined) return Number.parseInt(match[2], 8);
    const named: Record<string, number> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };
    return named[match[3] ?? ""] ?? (match[3] ?? "").charCodeAt(0);
  };
  const hex = (code: number): string => `\\x${code.toString(16).padStart(2, "0")}`;
  const single = (code: number): string => {
    const letter = String.fromCharCode(code);
    if (stack.at(-1)?.includes("i") && /[A-Za-z]/.test(letter))
      return `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
    return hex(code);
  };
  const last = (): boolean => out === "" || /(?:^|[^\\])[(|]$/.test(out);
  while (at < source.length) {
    const next = source[at];
    if (next === "(") {
      at++;
      const named = /^\?([is]):/.exec(source.slice(at));
      if (source[at] === "?" && named === null) throw new ZeekError("error compiling pattern");
      stack.push((stack.at(-1) ?? "") + (named?.[1] ?? ""));
      at += named === null ? 0 : 3;
      out += "(?:";
    } else if (next === ")") {
      at++;
      if (/[^\\]\|$/.test(out)) throw new ZeekError("empty branch");
      stack.pop();
      out += ")";
    } else if (next === "|") {
      if (last()) throw new ZeekError("empty branch");
      at++;
      out += "|";
    } else if (next === ".") {
      at++;
      out += dot();
    } else if (next === "^" || next === "$") {
      at++;
      out += next === "^" ? "(?<![^])" : "(?![^])";
    } else if (next === "*" || next === "+" || next === "?") {
      if (last()) throw new ZeekError("error compiling pattern");
      at++;
      out = out.replace(/([*+?}])$/, "$1") + next;
      // Zeek has no lazy or possessive quantifiers: a second one applies to the first.
      out = out.replace(/((?:\(\?:[^()]*\)|\[[^\]]*\]|\\x..|.)[*+?])([*+?])$/, "(?:$1)$2");
    } else if (next === "{") {
      const match = /^\{(\d+)(,(\d*))?\}/.exec(source.slice(at));
      if (match === null || last()) throw new ZeekError("error compiling pattern");
      if (match[3] !== undefined && match[3] !== "" && Number(match[3]) < Number(match[1]))
        throw new ZeekError("bad iteration values");
      at += match[0].length;
      out += match[0];
    } else if (next === "}") throw new ZeekError("error compiling pattern");
    else if (next === '"') {
      at++;
      out += "(?:";
      while (source[at] !== '"') {
        if (at >= source.length) throw new ZeekError("missing quote");
        out += single(byte());
      }
      at++;
      out += ")";
    } else if (next === "[") {
      at++;
      const negated = source[at] === "^";
      if (negated) at++;
      let inner = "";
      while (source[at] !== "]") {
        if (at >= source.length) throw new ZeekError("unterminated character class");
        const named = /^\[:(\w+):\]/.exec(source.slice(at));
        if (named !== null) {
          const classes: Record<string, string> = {
            digit: "0-9",
            alpha: "A-Za-z",
            xdigit: "0-9A-Fa-f",
            upper: "A-Z",
            space: "\\t-\\r ",
            alnum: "0-9A-Za-z",
            lower: "a-z",
            punct: "!-/:-@\\[-`{-~",
          };
          const found = classes[named[1] ?? ""];
          if (found === undefined) throw new ZeekError("bad character class expression");
          inner += found;
          at += named[0].length;
          continue;
        }
        const from = byte();
        let to = from;
        if (source[at] === "-" && source[at + 1] !== "]") {
          at++;
          to = byte();
          if (to < from) throw new ZeekError("negative range in character class");
        }
        inner += `${hex(from)}-${hex(to)}`;
        if (stack.at(-1)?.includes("i")) {
          for (let code = from; code <= to; code++) {
            const letter = String.fromCharCode(code);
            if (/[A-Za-z]/.test(letter)) inner += letter.toLowerCase() + letter.toUpperCase();
          }
        }
      }
      at++;
      out += `[${negated ? "^" : ""}${inner}]`;
    } else if (source.startsWith("\\p{", at)) throw new ZeekError("undefined definition");
    else out += single(byte());
  }
  if (out === "" || stack.length !== 1 || /(?:^|[^\\])\|$/.test(out))
    throw new ZeekError("error compiling pattern");
  return new RegExp(whole ? `^(?:${out})$` : out);
}

export function matches(
  pattern: Value & { readonly t: "pattern" },
  subject: string,
  whole: boolean,
): boolean {
  const expression = patternToRegExp(pattern.v, pattern.flags, whole);
  if (whole) return expression.test(subject);
  // Zeek needs a byte to match, except at the end of the text where the pattern asks for the end.
  const found = new RegExp(expression.source, "g");
  for (const match of subject.matchAll(found)) {
    if (match[0] !== "" || (match.index === subject.length && /\$/.test(pattern.v))) return true;
    if (match.index > 0) return true;
  }
  return false;
}
