/** `<name>` in filters: put in from what the jail gives, from the filter's own options and from its other sections. */
import type { Config } from "./config.js";

/** What fail2ban itself puts in later. */
const ownTags = /^(?:HOST|ADDR|IP4|IP6|DNS|SUBNET|CIDR|SKIPLINES|\/?F-[A-Z0-9_-]+\/?)$/;

export interface Substituted {
  readonly text: string;
  readonly problems: readonly string[];
}

const mostRounds = 30;
const longestText = 200_000;

/** @param options - by their names in small letters */
export function substituteTags(
  text: string,
  options: ReadonlyMap<string, string>,
  config: Config,
): Substituted {
  const problems: string[] = [];
  let current = text;
  for (let round = 0; round < mostRounds; round++) {
    let changed = false;
    const next = current.replace(/<([^ <>]{1,200})>/g, (whole, name: string) => {
      if (ownTags.test(name)) return whole;
      const value = valueOfTag(name, options, config);
      if (value === null || value.includes(whole)) return whole;
      changed = true;
      return value;
    });
    if (next.length > longestText) {
      problems.push(`<…> in it grow beyond ${longestText} characters`);
      return { text: "", problems };
    }
    current = next;
    if (!changed) return { text: current, problems };
  }
  problems.push("<…> in it lead back to themselves");
  return { text: "", problems };
}

function valueOfTag(name: string, options: ReadonlyMap<string, string>, config: Config): string | null {
  const own = options.get(name.toLowerCase());
  if (own !== undefined) return own;
  const parts = /^(.*)\/([^/]+)$/.exec(name);
  if (parts !== null) {
    const [, section = "", option = ""] = parts;
    return config.has(section) ? (config.get(section, option)?.text ?? null) : null;
  }
  return config.get("Definition", name)?.text ?? config.get("Init", name)?.text ?? null;
}

/** `sshd[mode=aggressive, port="1,2"]`: a name, and what is given to it. */
export interface NameAndOptions {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
}

/** null: it is none. */
export function nameAndOptions(text: string): NameAndOptions | null {
  const found = /^\s*([\w.-]+)\s*(?:\[([\s\S]*)\])?\s*$/.exec(text);
  if (found === null) return null;
  const [, name = "", list = ""] = found;
  const options = new Map<string, string>();
  const one = /\s*([\w./-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,"'\]]*))\s*(?:,|\]\s*\[|$)/y;
  for (let at = 0; at < list.length; at = one.lastIndex) {
    one.lastIndex = at;
    const option = one.exec(list);
    if (option === null) break;
    options.set((option[1] ?? "").toLowerCase(), (option[2] ?? option[3] ?? option[4] ?? "").trim());
  }
  return { name, options };
}
