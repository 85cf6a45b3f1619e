/** Small rule trees for tests of the engine. */

import type { EngineVersion } from "../../../src/model/model.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import {
  type AnalysedEvent,
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
} from "../../../src/ossec/engine/index.js";
import { loadOssec } from "../../../src/ossec/load/index.js";

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"]
  .map(
    (category, index) =>
      `<rule id="${index + 1}" level="0" noalert="1"><category>${category}</category></rule>`,
  )
  .join("\n");

/** Lines `D 192.0.2.1 bob i1 /url 1000 22` and, with program `app`, `192.0.2.1 bob i1`. */
export const decoders = `
<decoder name="d"><prematch>^D </prematch></decoder>
<decoder name="d1"><parent>d</parent><regex offset="after_parent">^(\\S+) (\\S+) (\\S+) (\\S+) (\\S+) (\\S+)</regex><order>srcip,user,id,url,srcport,dstport</order></decoder>
<decoder name="app"><program_name>^app$</program_name></decoder>
<decoder name="app1"><parent>app</parent><regex>^(\\S+) (\\S+) (\\S+)</regex><order>srcip,user,id</order></decoder>
`;

export interface Tree {
  readonly rules: string;
  readonly decoders?: string;
  /** More of ossec.conf, within `<ossec_config>`. */
  readonly conf?: string;
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly engine?: EngineVersion;
}

/** Loads a tree; throws when the engine would refuse it. */
export function load(tree: Tree): LoadedOssec {
  const conf =
    "<ossec_config><rules><include>roots.xml</include><include>local.xml</include>" +
    `${Object.keys(tree.files ?? {})
      .map((path) => (path.startsWith("lists/") ? `<list>${path}</list>` : ""))
      .join("")}` +
    `</rules><alerts><log_alert_level>1</log_alert_level><email_alert_level>7</email_alert_level></alerts>${tree.conf ?? ""}</ossec_config>`;
  const files: Record<string, string> = {
    "etc/ossec.conf": conf,
    "etc/decoder.xml": tree.decoders ?? decoders,
    "rules/roots.xml": `<group name="roots,">${roots}</group>`,
    "rules/local.xml": `<group name="t,">${tree.rules}</group>`,
    ...tree.files,
  };
  const source = {
    read: (path: string) => (path in files ? Buffer.from(files[path] ?? "", "latin1") : null),
  };
  const loaded = loadOssec(source, { engine: tree.engine ?? "4.3" });
  const error = loaded.problems.find(({ outcome }) => outcome !== "warning");
  if (error !== undefined) throw new Error(`${error.file}:${error.line}: ${error.message}`);
  return loaded;
}

export function engineOn(tree: Tree | LoadedOssec, options: Partial<EngineOptions> = {}): Engine {
  const loaded = "roots" in tree ? tree : load(tree);
  return createEngine(loaded, { ownHostname: "here", timeZone: "UTC", mode: "logtest", ...options });
}

export function analysed(event: EngineEvent): AnalysedEvent {
  if (event.kind !== "event") throw new Error(`the line is ${event.kind}`);
  return event;
}

/** Rule ids reported for lines that come one second apart. */
export function rulesOf(engine: Engine, lines: readonly string[], from = 1000): (number | null)[] {
  return lines.map((line, index) => analysed(engine.process(line, from + index)).rule?.id ?? null);
}
