import type { OsMatchPattern } from "./pattern.js";

/**
 * What a list holds: keys, or keys with a value each. In conditions on addresses they are addresses and prefixes,
 * elsewhere texts, compared as a whole and with letter case.
 */
export type ListEntries = readonly string[] | Readonly<Record<string, string>>;

/** A list that conditions look values up in; the helper `list` makes it. */
export interface ValueList {
  /** `[a-z][a-z0-9_-]{0,30}`, unique in the bundle: the file is called so. */
  readonly name: string;
  /** What it holds. */
  readonly entries: ListEntries;
}

/** A list that the host has already, by its file below the home: `{ path: "etc/lists/audit-keys" }`. */
export interface HostList {
  /** The file, as ossec.conf names it. */
  readonly path: string;
}

/** A look-up in a list (docs/reference/ossec.md#rule-elements). */
export type ListCondition =
  | {
      /** The value is in this list. */
      readonly in: ValueList | HostList;
      /** And what stands beside it there fits this; not for addresses. */
      readonly having?: OsMatchPattern;
      /** The address as it is spelt, IPv6 too, and not the networks that it lies in. */
      readonly whole?: true;
    }
  | {
      /** The value is there, and in no entry of this list. */
      readonly notIn: ValueList | HostList;
      /** The address as it is spelt, IPv6 too, and not the networks that it lies in. */
      readonly whole?: true;
    };

/**
 * A list of its own file, for more than a condition should hold and for several conditions:
 * `const admins = list({ name: "admins", entries: ["alice", "bob"] })`, then `where: { user: { in: admins } }`.
 */
export function list(values: ValueList): ValueList {
  return values;
}
