/** Lines that an expression fits: short ones, with an address of the documentation's (RFC 5737, RFC 3849). */
import type { Node } from "./ast.js";
import { setHas } from "./sets.js";

export const sampleAddress = "198.51.100.66";
export const sampleAddress6 = "2001:db8::66";

/** Characters that are tried first: each turn has its own. */
const preferred = [
  "xa1A0 -_./:=\"'",
  "1a0xA -_./:=\"'",
  "bq7A0 -_./:=\"'",
  "'\"=:/._- A01ax",
  "Zz9/ -_.:=\"'",
];
const printable = Array.from({ length: 94 }, (_, index) => index + 33);
const turns = 10;

/** Texts that the expression may fit; whether they do is for the engine to say (look-aheads are not heeded). */
export function samplesOf(root: Node): readonly string[] {
  return [...new Set(Array.from({ length: turns }, (_, turn) => new Sampler(turn).text(root)))];
}

class Sampler {
  /** Which alternatives are taken, and whether what may be left out is said. */
  readonly #turn: number;
  readonly #characters: readonly number[];
  readonly #groups = new Map<number, string>();

  constructor(turn: number) {
    this.#turn = turn;
    const first = [...(preferred[turn % preferred.length] ?? "")].map((letter) => letter.charCodeAt(0));
    this.#characters = [...first, ...printable, 32];
  }

  text(node: Node): string {
    switch (node.kind) {
      case "character":
        return String.fromCodePoint(node.code);
      case "set": {
        const code = this.#characters.find((one) => setHas(node, one));
        return code === undefined ? "" : String.fromCharCode(code);
      }
      case "sequence":
        return node.items.map((item) => this.text(item)).join("");
      case "alternatives": {
        const option = node.options[(this.#turn >> 1) % node.options.length];
        return option === undefined ? "" : this.text(option);
      }
      case "group": {
        const text = this.text(node.body);
        this.#groups.set(node.number, text);
        return text;
      }
      case "backreference":
        return this.#groups.get(node.group) ?? "";
      case "atomic":
        return this.text(node.body);
      case "repeat": {
        const least = this.#turn % 2 === 0 ? node.min : Math.max(node.min, Math.min(node.max, 1));
        return this.text(node.body).repeat(Math.min(least, 200));
      }
      case "host":
        return node.captured ? (node.tag === "IP6" ? sampleAddress6 : sampleAddress) : "192.0.2.1";
      case "date":
        return node.sample;
      default:
        return "";
    }
  }
}
