/** Small Wazuh homes for tests of the engine. */
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import {
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
} from "../../../src/ossec/engine/index.js";
import { loadWazuh } from "../../../src/wazuh/load/index.js";
import { homeSource } from "../../conformance/wazuh-home.js";

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"]
  .map(
    (category, index) =>
      `<group name="${category},"><rule id="${index + 1}" level="0" noalert="1"><category>${category}</category><description>root</description></rule></group>`,
  )
  .join("\n");

const bothLists =
  '<decoder name="zz"><prematch>^zz_never_zz</prematch></decoder><decoder name="zz_p"><program_name>^zz_never_zz$</program_name></decoder>' +
  '<decoder name="json"><prematch>^{\\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>';

export interface WazuhTree {
  /** Rules inside of a group `t,`. */
  readonly rules: string;
  readonly decoders?: string;
  /** Further files by path, among them lists. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A home in memory: paths and latin1 texts. */
export function homeFiles({ rules, decoders = "", files = {} }: WazuhTree): Readonly<Record<string, string>> {
  const lists = Object.keys(files).filter((path) => path.startsWith("etc/lists/"));
  return {
    "etc/ossec.conf": `<ossec_config><ruleset><decoder_dir>ruleset/decoders</decoder_dir><rule_dir>ruleset/rules</rule_dir>${lists
      .map((path) => `<list>${path}</list>`)
      .join("")}</ruleset><alerts><log_alert_level>3</log_alert_level></alerts></ossec_config>`,
    "ruleset/decoders/0001-base.xml": bothLists + decoders,
    "ruleset/rules/0001-roots.xml": roots,
    "ruleset/rules/0002-local.xml": `<group name="t,">${rules}</group>`,
    ...files,
  };
}

export function loadFiles(files: Readonly<Record<string, string>>): LoadedOssec {
  const home = new Map(
    Object.entries(files).map(([path, text]) => [path, Buffer.from(text, "latin1")] as const),
  );
  return loadWazuh(homeSource(home));
}

/** Loads a tree; throws when the engine would refuse it or leave a rule out. */
export function load(tree: WazuhTree): LoadedOssec {
  const loaded = loadFiles(homeFiles(tree));
  const error = loaded.problems.find(({ outcome }) => outcome !== "warning");
  if (error !== undefined) throw new Error(`${error.file}:${error.line}: ${error.message}`);
  return loaded;
}

export function engineOn(tree: WazuhTree | LoadedOssec, options: Partial<EngineOptions> = {}): Engine {
  const loaded = "roots" in tree ? tree : load(tree);
  return createEngine(loaded, { ownHostname: "here", timeZone: "UTC", mode: "logtest", ...options });
}

/** All that an answer says, to be compared. */
export function saidOf(event: EngineEvent): unknown {
  if (event.kind !== "event")
    return { kind: event.kind, ...(event.kind === "crash" ? { cause: event.cause } : {}) };
  const { rule, alert, fields, decoder, decoderParent, lastEvents, silencedBy, log } = event;
  const { previousLog, description, firedTimes, hostname, agentId, location, date } = event;
  return {
    rule: rule?.id,
    alert,
    fields: [...fields],
    decoder,
    decoderParent,
    lastEvents: [...lastEvents],
    silencedBy,
    log,
    previousLog,
    description,
    firedTimes,
    hostname,
    agentId,
    location,
    date,
    counted: event.counted,
  };
}
