/** Values of JSON as Python prints them, in which language wazuh-logtest is written (docs/reference/wazuh.md#logtest-text). */
import type { CJson } from "../cjson.js";
import { isCJsonArray, printCJson } from "../cjson.js";

const plainText = /^[ -&(-[\]-~]*$/;

function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (byte) => byte.charCodeAt(0));
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function hex(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, "0")}`
    : `\\U${code.toString(16).padStart(8, "0")}`;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A text (bytes of UTF-8) in quotes, as in a list: double ones where only single ones are in it. */
function quotedText(text: string): string {
  if (plainText.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let quoted = "";
  for (const character of decoder.decode(bytesOf(text))) {
    const short = character === quote ? `\\${quote}` : shortEscapes.get(character);
    if (short !== undefined) quoted += short;
    else if (character !== " " && /^[\p{C}\p{Z}]$/u.test(character))
      quoted += hex(character.codePointAt(0) ?? 0);
    else quoted += character;
  }
  return `${quote}${String.fromCharCode(...encoder.encode(quoted))}${quote}`;
}

/** A number that JSON writes without a point or a power is an integer, others print as floats. */
function numberText(value: number): string {
  const written = printCJson(value, false);
  if (/^-?[0-9]+$/.test(written)) return written;
  const [mantissa = "", power = "0"] = Number(written).toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16)
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${`${Math.abs(exponent)}`.padStart(2, "0")}`;
  const plain = `${Number(written)}`;
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}

function itemText(value: CJson): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "string":
      return quotedText(value);
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "True" : "False";
  }
  if (isCJsonArray(value)) return `[${value.items.map(itemText).join(", ")}]`;
  // A name that stands twice keeps its first place and its last value.
  const members = [...new Map(value.members)];
  return `{${members.map(([name, member]) => `${quotedText(name)}: ${itemText(member)}`).join(", ")}}`;
}

/** A value as `str` gives it: a text as it is, all else as it stands in a list. */
export function pythonText(value: CJson): string {
  return typeof value === "string" ? value : itemText(value);
}
