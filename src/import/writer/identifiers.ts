/** Names made of other people's texts: unique, valid, the same for the same input. */
import { isReserved } from "../../compiler/decode/zeek-words.js";

const reserved: ReadonlySet<string> = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null of package private " +
    "protected public return static super switch this throw true try type typeof undefined var void while with yield " +
    "NaN Infinity Object String Number Symbol Array Promise " +
    "defineBundle list raw not osRegex osMatch pcre2 wazuhRegex pf ipfw nftables iptables routeNull dryRun Site detections raws"
  ).split(" "),
);

/** The words of a text: letters and digits of ASCII, letters with marks without them; `root's` is one word. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]|(?<=[A-Za-z])['\u2019](?=[A-Za-z])/g, "")
      .match(/[A-Za-z0-9]+/g) ?? []
  );
}

/** Hands out names, each once. */
export class Identifiers {
  readonly #taken = new Set<string>();

  /** The name is somebody's already. */
  reserve(name: string): void {
    this.#taken.add(name);
  }

  /** `camelCase` of the wish, with a number where that is taken. */
  take(wish: string): string {
    const words = wordsOf(wish).map((word) => (/^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word));
    const joined = words
      .map(
        (word, index) =>
          (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1),
      )
      .join("")
      .slice(0, 40);
    const start = /^[a-z]/.test(joined) ? joined : `n${joined}`;
    for (let count = 1; ; count++) {
      const name = count === 1 ? start : `${start}${count}`;
      if (reserved.has(name) || this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

/** Letters of a description that a name takes at most; a detection's may have 64. */
const readable = 48;

/** Names of detections: `Sshd_Authentication_Failed`. */
export class DetectionNames {
  readonly #taken = new Set<string>();

  /**
   * @param text - a description
   * @param id - what sets it apart where the text has no word that can be used, or is somebody's already: `5716`
   */
  take(text: string, id: string): string {
    const words = wordsOf(text).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    const first = words.findIndex((word) => /^[A-Z]/.test(word));
    let joined = "";
    for (const word of first < 0 ? [] : words.slice(first)) {
      const longer = joined === "" ? word : `${joined}_${word}`;
      if (longer.length > readable && joined !== "") break;
      joined = longer.slice(0, readable);
    }
    // Words that Zeek reserves, and endings that zopf makes itself.
    const usable = joined !== "" && !isReserved(joined) && !/(?:^|_)(?:LOG|Info|Capacity)$/.test(joined);
    const wish = usable ? joined : `${joined === "" ? "Rule" : joined}_${id}`;
    for (let count = 1; ; count++) {
      const suffix = count === 1 ? "" : count === 2 && usable ? `_${id}` : `_${id}_${count}`;
      const name = wish + suffix;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
