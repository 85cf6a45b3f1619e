/** OS_Regex and OS_Match as the engine hands them to PCRE2, byte by byte: for patterns that are not UTF-8. */

const regexClasses: ReadonlyMap<string, string> = new Map([
  ["\\p", "[()*+,.:;\\<=>?\\[\\]!\"'#%&$|{}-]"],
  ["\\s", "[ ]"],
  ["\\W", "[^A-Za-z0-9@_-]"],
  ["\\w", "[A-Za-z0-9@_-]"],
  ["\\d", "[0-9]"],
  ["\\D", "[^0-9]"],
  ["\\S", "[^ ]"],
  ["\\.", "(?s:.)"],
]);

const literalEscapes = "t$(){}[]\\|<";

/** null: OS_Regex has no such escape. */
export function osRegexAsPcre2(text: string): string | null {
  let written = "";
  for (let at = 0; at < text.length; at += 1) {
    const byte = text.charAt(at);
    if ((byte === "+" || byte === "*") && at >= 2 && text[at - 2] === "\\") written += `${byte}?`;
    else if (byte === "\\") {
      const pair = text.slice(at, at + 2);
      if (!regexClasses.has(pair) && !literalEscapes.includes(pair.charAt(1))) return null;
      written += regexClasses.get(pair) ?? pair;
      at += 1;
    } else if (byte === "$") written += "(?!\\n)$";
    else if (".[]{}+?*".includes(byte)) written += `\\${byte}`;
    else written += byte;
  }
  // The last quantifier is greedy.
  return written.replace(/(?<!\\)([+*])\?(\)*(?:\||$))/g, "$1$2");
}

export function osMatchAsPcre2(text: string): string {
  return text.replace(/[.[\]{}+?*()\\]/g, "\\$&");
}
