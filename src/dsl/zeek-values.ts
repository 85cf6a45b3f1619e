declare const kind: unique symbol;

/** An IPv4 or IPv6 address. Compare it with `===`, also with text: `c.id.orig_h === "192.0.2.1"`. */
export interface Addr {
  readonly [kind]?: { readonly addr: true };
  toString(): string;
}
/** A prefix: `subnet("10.0.0.0/8").has(c.id.orig_h)`. */
export interface Subnet {
  readonly [kind]?: { readonly subnet: true };
  has(address: Addr): boolean;
  toString(): string;
}
/** A port with its transport. Compare it with `===`, also with text: `c.id.resp_p === "22/tcp"`. */
export interface Port {
  readonly [kind]?: { readonly port: true };
  toString(): string;
}
/** A point in time; points in time compare with `<`. */
export interface Time {
  readonly [kind]?: { readonly time: true };
  toString(): string;
}
/** A length of time; lengths compare with `<`: `c.duration > duration("5 min")`. */
export interface Interval {
  readonly [kind]?: { readonly interval: true };
  toString(): string;
}

/** Marks what stands for something of Zeek's; a registered symbol, so that two copies of zopf agree. */
export const ZEEK: unique symbol = Symbol.for("zopf.zeek");

/** What a marked value of the DSL stands for in Zeek. */
export type ZeekMark =
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "global"; readonly name: string }
  | {
      readonly kind: "constant";
      readonly type: "addr" | "subnet" | "port" | "interval";
      /** Canonical text; of an interval its seconds. */
      readonly value: string | number;
    };

export interface Marked {
  readonly [ZEEK]: ZeekMark;
}

/** What a value stands for, undefined for ordinary values. */
export function zeekMark(value: unknown): ZeekMark | undefined {
  return hasMark(value) ? value[ZEEK] : undefined;
}

function hasMark(value: unknown): value is Marked {
  return (typeof value === "object" || typeof value === "function") && value !== null && ZEEK in value;
}

/** The error for calling one of Zeek's functions while the bundle runs. */
export function onlyInZeek(name: string): never {
  throw new Error(
    `${name} is one of Zeek's: it can stand in a function of a detection (where, per, count, message, ...), ` +
      "which Zeek runs; it cannot be called while the bundle is built",
  );
}

/** The site's own networks and, since Zeek 6.0, the private address space (docs/reference/zeek.md#local-networks). */
const localNets: { has(address: Addr): boolean } & Marked = {
  [ZEEK]: { kind: "global", name: "Site::local_nets" },
  has: () => onlyInZeek("Site.local_nets.has"),
};

/** Zeek's `Site` module. */
export const Site: {
  /** `Site.local_nets.has(c.id.orig_h)`: whether an address is local. */
  readonly local_nets: { has(address: Addr): boolean };
} = { local_nets: localNets };
