import type { Model, OssecModel, RuleConditionModel } from "../../model/model.js";
import type { EmittedFile, Merge } from "../file.js";
import { type ElementContext, ossecCondition, ossecPattern, type WrittenPattern } from "./elements.js";
import { wazuhCondition, wazuhPattern } from "./wazuh-elements.js";

/** A file of a suite that a bundle has entries in. */
export interface SuiteFile {
  readonly kind: "decoders" | "rules" | "conf";
  /** In the output. */
  readonly path: string;
  /** Below the home. */
  readonly place: string;
  readonly merge: Merge;
}

export type SuiteFiles = Readonly<Record<SuiteFile["kind"], SuiteFile>>;

/** What an order's name is to a suite. */
export interface FieldName {
  /** As it is written into the file. */
  readonly written: string;
  /** The field it fills. */
  readonly slot: string;
  /** The name under which the engine prints it. */
  readonly printed: string;
  readonly dynamic: boolean;
}

/** What tells the suites that a bundle is emitted for from one another, each difference once. */
export interface Suite {
  readonly suite: "OSSEC" | "Wazuh";
  /** The daemon that runs the responses. */
  readonly execd: string;
  /** Who owns the installed files. */
  readonly owner: string;
  /** Below the home: what makes the daemons read their files again. */
  readonly control: string;
  /** Where the entries of a bundle are. */
  readonly files: (bundle: string) => SuiteFiles;
  /** The folder of the output that the suite's files are in, with the slash. */
  readonly folder: string;
  /** An element of a decoder with a pattern. */
  readonly pattern: (element: string, pattern: WrittenPattern) => ElementContext;
  /** A condition of a rule. */
  readonly condition: (condition: RuleConditionModel) => ElementContext;
  /** Names of an order that are other fields here than in OSSEC. */
  readonly fields: ReadonlyMap<string, FieldName>;
  /** Elements of rules that ask for a field, by the field, beyond those that all have. */
  readonly fieldConditions: ReadonlyMap<string, string>;
  /** Flags of a composite that compare a field, by the field, beyond those that all have. */
  readonly comparisons: ReadonlyMap<string, string>;
  /** Names that a condition on a decoder's own field cannot have: the field has an element of its own, or none. */
  readonly fixedFields: ReadonlySet<string>;
  /** The characters of a dstuser with which a response is sent, and as people are told; null: any. */
  readonly sentUser: { readonly characters: RegExp; readonly shown: string } | null;
  /** The element of a rule that sees which log, and of which agent, a line comes from, in PCRE2. */
  readonly sender: { readonly element: string; readonly ownLogs: boolean };
  /** How the server names an agent, whose id may not be known, before the file that a line comes from. */
  readonly agentLocation: (name: string, id: string | null) => string;
  /** The engine dies of a condition on a decoder's own field where the line's decoder has none. */
  readonly diesWithoutFields: boolean;
  /** What `same_location` compares. */
  readonly location: string;
  /** What `frequency` says of a composite that fires on this event, two or more; null: the attribute is left out. */
  readonly frequency: (events: number) => number | null;
  /** The flag that has events of all agents counted together; null: they are anyway. */
  readonly allAgents: string | null;
  /** Bytes of a decoder's pattern at most. */
  readonly longestPattern: number;
  /** An entry of the white list that means this network; null: the list cannot hold it. */
  readonly whiteList: (network: string) => string | null;
  /** An address of one family may be found in one of the other. */
  readonly mixesFamilies: boolean;
  /** A `<command>` says which fields its response expects. */
  readonly expects: boolean;
  /** A decoder of its own reads JSON logs, and takes an address by the name srcip. */
  readonly ownJson: boolean;
  /** Responses get a JSON message on standard input, and not arguments. */
  readonly jsonMessages: boolean;
  /** Below the home: the program that has to make lists of the texts first; null: the engine does. */
  readonly makesLists: string | null;
  /** Files of decoders and rules are read by the order of their base names, ours because ossec.conf names them. */
  readonly namesFiles: boolean;
}

const field = (name: string): FieldName => ({ written: name, slot: name, printed: name, dynamic: false });

function file(kind: SuiteFile["kind"], path: string, place: string, merge: Merge): SuiteFile {
  return { kind, path, place, merge };
}

const ossec: Suite = {
  suite: "OSSEC",
  execd: "ossec-execd",
  owner: "root:ossec",
  control: "bin/ossec-control",
  folder: "ossec/",
  // Everybody's files.
  files: () => ({
    decoders: file("decoders", "ossec/local_decoder.xml", "etc/local_decoder.xml", "append"),
    rules: file("rules", "ossec/local_rules.xml", "rules/local_rules.xml", "append"),
    conf: file("conf", "ossec/ossec.conf", "etc/ossec.conf", "append"),
  }),
  pattern: ossecPattern,
  condition: ossecCondition,
  fields: new Map(),
  fieldConditions: new Map(),
  comparisons: new Map(),
  // An agent's line has `(name) ip->file` in the place of the host name (docs/reference/ossec.md#daemon-and-logtest).
  sender: { element: "hostname_pcre2", ownLogs: false },
  agentLocation: (name) => `(${name}) any->`,
  diesWithoutFields: true,
  location: "host name",
  fixedFields: new Set(),
  sentUser: null,
  // Frequency N fires on event N+2, none on the second (docs/reference/ossec.md#correlation).
  frequency: (events) => (events === 2 ? null : events - 2),
  allAgents: null,
  longestPattern: 8_000,
  whiteList: (network) => network,
  mixesFamilies: false,
  expects: true,
  ownJson: false,
  jsonMessages: false,
  makesLists: "bin/ossec-makelists",
  namesFiles: false,
};

const wazuh: Suite = {
  suite: "Wazuh",
  execd: "wazuh-execd",
  owner: "root:wazuh",
  control: "bin/wazuh-control",
  folder: "wazuh/",
  /**
   * All files of all folders are sorted by their base names (docs/reference/wazuh.md#home-and-rule-set). Decoders come
   * before the stock ones, `0005-…` and on, since the first that fits takes the line; rules behind all others, since
   * a rule has to stand behind what it names.
   */
  files: (bundle) => {
    const [decoders, rules] = [`0000-zopf-${bundle}_decoders.xml`, `zopf-${bundle}_rules.xml`];
    return {
      decoders: file("decoders", `wazuh/${decoders}`, `etc/decoders/${decoders}`, "file"),
      rules: file("rules", `wazuh/${rules}`, `etc/rules/${rules}`, "file"),
      conf: file("conf", "wazuh/ossec.conf", "etc/ossec.conf", "append"),
    };
  },
  pattern: wazuhPattern,
  condition: wazuhCondition,
  fields: new Map([
    // A response to an event whose dstuser has other letters than those of a plain name is not sent
    // (docs/reference/wazuh.md#responses-in-wazuh), and whoever guesses passwords chooses the name.
    ["user", field("srcuser")],
    ["data", field("data")],
    ["protocol", field("protocol")],
    ["filename", { ...field("filename"), dynamic: true }],
  ]),
  fieldConditions: new Map([
    ["data", "data"],
    ["protocol", "protocol"],
    ["system_name", "system_name"],
  ]),
  comparisons: new Map([["srcuser", "same_srcuser"]]),
  sender: { element: "location_pcre2", ownLogs: true },
  agentLocation: (name, id) => `[${id ?? "001"}] (${name}) any->`,
  diesWithoutFields: false,
  location: "location",
  fixedFields: new Set(
    [
      "srcip dstip srcgeoip dstgeoip srcport dstport user srcuser dstuser url id data extra_data",
      "status protocol system_name action",
    ].flatMap((names) => names.split(" ")),
  ),
  sentUser: { characters: /^[a-zA-Z._0-9@?-]$/, shown: "letters, digits and . _ @ ? -" },
  // Frequency N fires on event N (docs/reference/wazuh.md#correlation-in-wazuh).
  frequency: (events) => events,
  allAgents: "global_frequency",
  // In a decoder; a longer one is lost (docs/reference/wazuh.md#fields-in-wazuh).
  longestPattern: 1_023,
  whiteList: wazuhWhiteList,
  mixesFamilies: true,
  expects: false,
  ownJson: true,
  jsonMessages: true,
  makesLists: null,
  namesFiles: true,
};

/**
 * What is no IPv4 address or prefix is an OS_Match pattern for the text of the address
 * (docs/reference/wazuh.md#configuration-of-wazuh): it can hold one IPv6 address, in the one spelling, and no prefix.
 */
function wazuhWhiteList(network: string): string | null {
  if (!network.includes(":")) return network;
  return network.includes("/") ? null : `^${network}$`;
}

export const suites: Readonly<Record<OssecModel["dialect"], Suite>> = { ossec, wazuh };

export function suiteOf({ dialect }: Pick<OssecModel, "dialect">): Suite {
  return suites[dialect];
}

/**
 * The engine as messages name it: what is said of it was found with that version. Wazuh's other versions are taken to
 * be like the one that was run (docs/reference/wazuh.md).
 */
export function engineName(ossec: OssecModel): string {
  return ossec.dialect === "ossec" ? `OSSEC ${ossec.version}` : "Wazuh 4.14";
}

/** Who owns the files of a suite, and what makes its daemons read them again. */
export function installed({ dialect, home }: OssecModel): Pick<EmittedFile, "owner" | "reload"> {
  const { owner, control } = suites[dialect];
  return { owner, reload: [[`${home}/${control}`, "restart"]] };
}

/** The three files with a bundle's entries. */
export function suiteFiles({ name, ossec: { dialect } }: Pick<Model, "name" | "ossec">): SuiteFiles {
  return suites[dialect].files(name);
}
