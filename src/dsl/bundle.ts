import type { EngineVersion, WazuhVersion } from "../model/model.js";
import type { Detection } from "./detection.js";
import type { Firewall } from "./firewall.js";
import type { NamedNetwork, Network } from "./network.js";
import type { RawXml } from "./raw.js";
import type { Response } from "./response.js";
import type { Targets } from "./targets.js";

export interface ZeekSettings {
  /** The folder that Zeek writes its logs to; absolute. */
  readonly logs: string;
  /** Zeek's site folder, where the script package is installed; absolute. */
  readonly site: string;
  /**
   * How OSSEC gets the notices. `"dedicated"` (default): a log with only this bundle's notices, JSON, typed
   * columns. `"notice.log"`: Zeek's ordinary one, in the format that the site writes (`noticeFormat`).
   */
  readonly noticeLog?: "dedicated" | "notice.log";
  /**
   * A secret word of 16 to 64 letters and digits, for the dedicated log: the address stands in a column that is named
   * by it, and OSSEC takes no line without it. It keeps out lines that somebody writes into another log that
   * OSSEC reads, and that look like a notice (docs/forging.md). Whoever can read the log, the script or
   * the decoder knows it.
   */
  readonly noticeKey?: string;
  /** Format of an ordinary notice.log: Zeek's default is `"tsv"`. */
  readonly noticeFormat?: "tsv" | "json";
  /**
   * Your own public networks, as networks.cfg or `redef Site::local_nets` names them on the sensor. The replay
   * needs them to know what is local; the private networks are always in it (Zeek 6 and later).
   */
  readonly localNets?: readonly Network[];
  /**
   * Also emit tests of the package, for `zkg test` or btest where Zeek is at hand (default false). Zeek itself
   * never loads them.
   */
  readonly tests?: boolean;
}

interface EngineSettings {
  /** OSSEC's or Wazuh's home, absolute: `/var/ossec`, `/usr/local/ossec-hids`. */
  readonly home: string;
  /**
   * `"local"` (default): this host alone. `"server"`: agents report to it; only then can a response run on
   * agents (`where`).
   */
  readonly installation?: "local" | "server";
  /**
   * The host's ossec.conf names `<decoder>etc/local_decoder.xml</decoder>` before `<decoder>etc/decoder.xml</decoder>`
   * (default false: OSSEC loads its own decoders first, and they take the lines of the programs that they know).
   */
  readonly decodersFirst?: boolean;
  /** The first rule id that zopf may choose (100000-119999). Default 100000. */
  readonly firstRuleId?: number;
}

/** The engine that reads the logs: OSSEC, or Wazuh 4 with its own files, XML and way to call a script. */
export type OssecSettings = EngineSettings &
  (
    | {
        /** The engine on the host: `"ossec"` (default) or `"wazuh"`. */
        readonly dialect?: "ossec";
        /** The engine that runs there. Default `"4.3"`. */
        readonly version?: EngineVersion;
      }
    | {
        /** The engine on the host: `"ossec"` (default) or `"wazuh"`. */
        readonly dialect: "wazuh";
        /**
         * The version of Wazuh that runs there. Default `"4.14"`, which is the one that was run; the others are taken
         * to be like it (docs/wazuh.md).
         */
        readonly version?: WazuhVersion;
      }
  );

/** What a bundle says of the one host that it is for, or of each of several. */
export type Hosts<T extends string = string> =
  | {
      /** The host's packet filter, or two of different kinds: both then block. */
      readonly firewall?: Firewall | readonly [Firewall, Firewall];
      /** Not beside `firewall`: each host has its own. */
      readonly targets?: never;
    }
  | {
      /** Not beside `targets`: each host has its own. */
      readonly firewall?: never;
      /** Several hosts, each with its own files: `{ gateway: { firewall: pf({ … }) }, "web-1": { … } }`. */
      readonly targets: Targets<T>;
    };

/** One typed file in, a working defence out. */
export type Bundle<
  D extends readonly Detection[] = readonly Detection[],
  T extends string = string,
> = BundleSettings<D> & Hosts<T>;

export interface BundleSettings<D extends readonly Detection[] = readonly Detection[]> {
  /** `[a-z][a-z0-9-]{0,30}`; every generated name carries it. Not base, policy, site or zeek. */
  readonly name: string;
  /** Where Zeek lives on its host, and how it hands notices to OSSEC. Required where a detection needs Zeek. */
  readonly zeek?: ZeekSettings;
  /** Where OSSEC or Wazuh lives, and which version it is. */
  readonly ossec: OssecSettings;
  /** Never blocked, by OSSEC's white list and by the script itself (of Wazuh's IPv6 networks by the script alone). Required where something blocks. */
  readonly neverBlock?: readonly (Network | NamedNetwork)[];
  /**
   * Addresses of the host itself, of every host where its responses run: they are compared with `neverBlock`,
   * which must hold each of them.
   */
  readonly ownAddresses?: readonly (Network | NamedNetwork)[];
  /** What is detected, at least one where there is no `raw`. */
  readonly detections: D;
  /** Decoders and rules in XML, for what the language cannot say: `raw: [raw({ … })]`. */
  readonly raw?: readonly RawXml[];
  /** What follows: blocks, notifications, logs. Without any, alerts are all. */
  readonly responses?: readonly Response<NoInfer<D[number]["name"]>>[];
}

/** A detection whose name is known to the type system. */
export type Named<Name extends string> = Detection & {
  /** Unique in the bundle; the notice, the rule and what is generated carry it. */
  readonly name: Name;
};

/**
 * Declares a bundle: `export default defineBundle({ ... })`. Names of detections are checked where they are used.
 * Only the names are inferred: if the whole list were, editors would show each property as what was written, and
 * not with its documentation.
 */
export function defineBundle<const Name extends string, const T extends string = never>(
  bundle: Bundle<readonly Named<Name>[], T>,
): Bundle<readonly Named<Name>[], T> {
  return bundle;
}
