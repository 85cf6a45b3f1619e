import { type Document, group, indent, join, line, softLine, trailingComma } from "./document.js";
import { propertyName, rawTemplate, stringLiteral } from "./text.js";

/** What values are written as names: what stands for them is in the file, or imported. */
export interface Names {
  /** Lists by identity. */
  readonly lists: ReadonlyMap<object, string>;
  readonly rules: ReadonlyMap<number, string>;
  /** By property and value: {@link valueKey}. */
  readonly values: ReadonlyMap<string, string>;
  /** TypeScript of functions. */
  readonly functions: ReadonlyMap<object, Document>;
}

const languages: ReadonlyMap<string, string> = new Map([
  ["osregex", "osRegex"],
  ["osmatch", "osMatch"],
  ["pcre2", "pcre2"],
  ["wazuhregex", "wazuhRegex"],
]);

const filters: ReadonlySet<string> = new Set(["pf", "ipfw", "nftables", "iptables", "routeNull", "dryRun"]);

/** Properties that hold ids of rules, alone or in a list. */
const ruleProperties: ReadonlySet<string> = new Set(["rule", "rules"]);

/** What a value of a property is found by among the names. */
export function valueKey(property: string, value: string | readonly unknown[]): string {
  return `${property} ${JSON.stringify(value)}`;
}

/** Writes values of the DSL as a person would: patterns, lists and packet filters by their helpers. */
export class ValuePrinter {
  /** What has to be imported of zopf for what was written so far. */
  readonly helpers = new Set<string>();
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  /** @param property - that holds it, or holds the list that it stands in */
  value(value: unknown, property = ""): Document {
    if (typeof value === "string") {
      return this.#named(property, value) ?? stringLiteral(value);
    }
    if (typeof value === "number") {
      const name = ruleProperties.has(property) ? this.#names.rules.get(value) : undefined;
      return name ?? numberLiteral(value);
    }
    if (value === null || typeof value !== "object") {
      if (typeof value === "boolean" || value === null || value === undefined) return String(value);
      const text = typeof value === "function" ? this.#names.functions.get(value) : undefined;
      if (text === undefined) throw new Error(`bug in zopf: an import holds a ${typeof value}`);
      return text;
    }
    const name = this.#names.lists.get(value);
    if (name !== undefined) return name;
    return Array.isArray(value)
      ? (this.#named(property, value) ?? this.list(value, property))
      : (this.#helper(value) ?? this.object(value));
  }

  #named(property: string, value: string | readonly unknown[]): string | undefined {
    return this.#names.values.size === 0 ? undefined : this.#names.values.get(valueKey(property, value));
  }

  /** @param broken - a property a line, in any case */
  object(value: object, broken = false): Document {
    return braced(
      Object.entries(value)
        .filter(([, held]) => held !== undefined)
        .map(([key, held]) => this.property(key, this.value(held, key))),
      broken,
    );
  }

  /** An item of a bundle's detections. */
  detection(value: object): Document {
    const entries = new Map<string, unknown>(Object.entries(value));
    return entries.get("kind") === "rows" ? this.#rows(entries) : this.object(value, true);
  }

  property(key: string, value: Document): Document {
    const name = propertyName(key);
    // A text that does not fit behind the colon stands on the next line, where that gains something.
    const isText = typeof value === "string" && /^["']/.test(value);
    return isText && name.length >= 5 ? group([name, ":", indent([line, value])]) : [name, ": ", value];
  }

  list(values: readonly unknown[], property: string): Document {
    const parts = values.map((value) => this.value(value, property));
    if (values.length > 1 && parts.every((part) => typeof part === "string" && /^-?\d/.test(part))) {
      const items = parts.flatMap((part) => (typeof part === "string" ? [part] : []));
      return group(["[", indent([softLine, { kind: "fill", items }, trailingComma]), softLine, "]"]);
    }
    return bracketed(
      parts,
      values.length > 1 && (values.every(isRecordOfMany) || values.every(isListOfMany)),
    );
  }

  /** Names of the lists that are somewhere in the value. */
  usedLists(value: unknown, found = new Set<string>()): ReadonlySet<string> {
    if (value === null || typeof value !== "object") return found;
    const name = this.#names.lists.get(value);
    if (name !== undefined) found.add(name);
    else for (const held of Object.values(value)) this.usedLists(held, found);
    return found;
  }

  /** A call of the helper that makes the value. */
  #helper(value: object): Document | null {
    const entries = new Map<string, unknown>(Object.entries(value));
    const { size } = entries;
    const text = entries.get("text");
    const language = entries.get("language");
    if (size === 2 && typeof text === "string" && typeof language === "string") {
      const helper = languages.get(language);
      if (helper === undefined) return null;
      this.helpers.add(helper);
      const template = rawTemplate(text);
      if (template !== null) return helper + template;
      const argument = [softLine, stringLiteral(text), trailingComma];
      return group([helper, "(", indent(argument), softLine, ")"]);
    }
    const kind = entries.get("kind");
    if (typeof kind === "string" && filters.has(kind)) {
      this.helpers.add(kind);
      entries.delete("kind");
      return size === 1 ? `${kind}()` : [kind, "(", this.object(Object.fromEntries(entries)), ")"];
    }
    return null;
  }

  /** A detection on rows of a log, by the helper that types its functions. */
  #rows(entries: Map<string, unknown>): Document {
    const event = entries.get("event");
    entries.delete("event");
    entries.delete("kind");
    this.helpers.add("onLog");
    const known = typeof event === "object" && event !== null && "log" in event ? event.log : null;
    const log = typeof known === "string" ? stringLiteral(known) : this.#declaredLog(event);
    return ["onLog(", log, ", ", this.object(Object.fromEntries(entries), true), ")"];
  }

  /** The name of a declared log, or the call that declares it. */
  #declaredLog(log: unknown): Document {
    if (typeof log !== "object" || log === null)
      throw new Error("bug in zopf: a detection on rows without a log");
    const name = this.#names.lists.get(log);
    if (name !== undefined) return name;
    this.helpers.add("zeekLog");
    return ["zeekLog(", this.object(log), ")"];
  }
}

export function braced(properties: readonly Document[], broken = false): Document {
  if (properties.length === 0) return "{}";
  return group(["{", indent([line, join(properties, [",", line]), trailingComma]), line, "}"], broken);
}

export function bracketed(items: readonly Document[], broken = false): Document {
  if (items.length === 0) return "[]";
  return group(["[", indent([softLine, join(items, [",", line]), trailingComma]), softLine, "]"], broken);
}

function isRecordOfMany(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 1
  );
}

function isListOfMany(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1;
}

function numberLiteral(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value)
    ? String(value)
    : `Number.${value > 0 ? "POSITIVE_INFINITY" : Number.isNaN(value) ? "NaN" : "NEGATIVE_INFINITY"}`;
}
