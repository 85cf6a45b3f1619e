import type { ScanKind } from "../dsl/scan.js";
import type { Expression } from "../model/expression.js";
import type { Conditions } from "./conditions.js";

/** A number of a preset, where it comes from, and what its window is. */
export interface Default {
  readonly threshold: number;
  /** As the bundle writes it. */
  readonly window: string;
  /** Where the two numbers come from. */
  readonly source: string;
}

/** Settings that only some presets have, with their defaults where one does. */
export interface Options {
  /** Parts of the path of a page that asks for a password; lower case. */
  readonly paths: readonly string[];
  /** Status codes of HTTP. */
  readonly statuses: readonly number[];
  /** Domains that do not count. */
  readonly allow: readonly string[];
  /** Labels of a domain that somebody can own: 2 for example.com. */
  readonly labels: number;
  /** Bytes of the name before the domain, at least. */
  readonly length: number;
  /** Bits a byte of the name before the domain, at least. */
  readonly bits: number;
  /** The port of a service, such as `22/tcp`. */
  readonly port: string;
}

/** What a bundle can set beyond threshold and window; each preset uses what it needs. */
export interface Settings {
  /** Those of the preset, as the bundle or the preset has them. */
  readonly options: Options;
  readonly pair: boolean;
  readonly traceroutePorts: readonly [number, number];
  /** Packets a second. */
  readonly rate: number;
  /** Canonical networks: broadcast addresses, or a trap's. */
  readonly networks: readonly string[];
}

/** What a preset becomes: the parts of an ordinary Zeek detection. */
export interface Parts {
  /** An event of connections, or a log whose rows are looked at: `ssh.log`. */
  readonly event: string;
  readonly where: Expression;
  readonly key: readonly Expression[];
  readonly count:
    | { readonly kind: "distinct"; readonly of: readonly Expression[] }
    | { readonly kind: "events" }
    | { readonly kind: "sum"; readonly of: Expression };
}

/** Recorded captures (docs/reference/zeek.md#scans-in-connlog, 24 of them) that a preset with its defaults must or may fire on. */
export interface Captures {
  readonly must: readonly string[];
  /** Other scans that leave the same rows in conn.log. On all the rest it must not fire. */
  readonly may: readonly string[];
}

/** One detection of the catalogue: plain data, and how it is put together from conditions. */
export interface Preset {
  readonly scan: ScanKind;
  readonly title: string;
  readonly about: string;
  /** How it is protected against turned connections, backscatter, retransmission and half-captured traffic. */
  readonly protection: string;
  /** What it does not see. */
  readonly limits: string;
  readonly defaults: Default;
  /** `per` unless the bundle says otherwise; null where the preset does not offer the choice. */
  readonly per: "source" | "pair" | null;
  /** Text of the message around source, count and target: `{source} probed {count} ports of {target}`. */
  readonly message: string;
  /** The same where it counts per pair. */
  readonly pairMessage?: string;
  /** Of the OSSEC rule. */
  readonly description: string;
  readonly level: number;
  /** Why its source must never be blocked; null where it may. */
  readonly innocent: string | null;
  /** Whose connections count unless the bundle says otherwise. */
  readonly from: "outside" | "inside" | "anywhere";
  /** Groups of its rule. */
  readonly groups: readonly string[];
  /** The setting that names networks: a trap's own, or broadcast addresses. */
  readonly networks: "networks" | "broadcast" | null;
  /** True: it looks at every packet (`tcp_packet`), which is dear and in no log. */
  readonly packets?: true;
  /** Further settings that a bundle may change; what they mean is in `Options`. */
  readonly options?: Partial<Options>;
  /** What each of them does, for the documentation. */
  readonly settings?: string;
  readonly build: (c: Conditions, settings: Settings) => Parts;
  readonly captures: Captures;
}
