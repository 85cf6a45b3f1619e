/** Lists of the files as lists of the bundle. */
import type { HostList, ValueList } from "../../dsl/list.js";
import type { KeyValueList } from "../../ossec/definitions.js";
import type { Drafted } from "../draft.js";
import { utf8Text } from "./texts.js";

/** Longer ones stay on the host, and are named by their path. */
const mostEntries = 2_000;

/** Lists by the names that rules use, each made once; what is not at hand, or is long, stays where it is. */
export class ImportedLists {
  readonly #loaded: ReadonlyMap<string, KeyValueList>;
  readonly #onHost: ReadonlySet<string>;
  readonly #made = new Map<string, ValueList | HostList | null>();
  readonly #names = new Set<string>();
  readonly #drafted: Drafted<ValueList>[] = [];

  /** @param onHost - paths of lists that the language refuses */
  constructor(loaded: ReadonlyMap<string, KeyValueList>, onHost: ReadonlySet<string> = new Set()) {
    this.#loaded = loaded;
    this.#onHost = onHost;
  }

  /** Those that became lists of the bundle. */
  get drafted(): readonly Drafted<ValueList>[] {
    return this.#drafted;
  }

  /** null: it has a form that neither can have. */
  take(path: string, isAddress: boolean): ValueList | HostList | null {
    const key = `${isAddress} ${path}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(path, isAddress);
    this.#made.set(key, made);
    return made;
  }

  #make(path: string, isAddress: boolean): ValueList | HostList | null {
    const list = this.#loaded.get(path);
    const host = hostList(path);
    if (
      list === undefined ||
      this.#onHost.has(list.path) ||
      list.entries.size > mostEntries ||
      list.entries.size === 0
    )
      return host;
    const entries = new Map<string, string>();
    for (const [bytes, valueBytes] of list.entries) {
      const key = utf8Text(bytes);
      const value = utf8Text(valueBytes);
      const written = key === null ? null : isAddress ? networkOf(key) : key;
      if (written === null || value === null || written === "__proto__") return host;
      entries.set(written, value);
    }
    const isPlain = [...entries.values()].every((value) => value === "");
    const made: ValueList = {
      name: this.#name(path),
      entries: isPlain ? [...entries.keys()] : Object.fromEntries(entries),
    };
    this.#drafted.push({
      value: made,
      comments: [],
      origin: { place: { file: list.path, line: 1, column: 1 }, rules: [] },
    });
    return made;
  }

  #name(path: string): string {
    const base = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
    const start =
      base
        .replace(/[^a-z0-9_-]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .slice(0, 26) || "list";
    for (let count = 1; ; count++) {
      const name = count === 1 ? start : `${start}-${count}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }
}

function hostList(path: string): HostList | null {
  return /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(path) ? { path } : null;
}

/** A key of an address list, cut off behind a dot or whole, as a network. */
function networkOf(key: string): string | null {
  const parts = /^((?:\d{1,3}\.){1,3})$/.exec(key);
  if (parts === null) return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(key) ? key : null;
  const known = key.slice(0, -1).split(".");
  return `${[...known, ...Array<string>(4 - known.length).fill("0")].join(".")}/${known.length * 8}`;
}
