import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompiledBundle, compileBundles } from "../../src/compiler/compile.js";
import type { OssecSource } from "../../src/files/ossec-source.js";
import { workspace } from "./workspace.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** A compiled bundle; throws what was reported where there is none. */
export async function compiled(file: string): Promise<CompiledBundle> {
  const { bundles, diagnostics } = await compileBundles([file], { show: (path) => path, cache: false });
  const [bundle] = bundles;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (bundle === undefined || errors.length > 0) throw new Error(JSON.stringify(diagnostics));
  return bundle;
}

/** A bundle for OSSEC as one for Wazuh. */
export function inWazuhsPlace(text: string): string {
  return text
    .replace(/ossec: \{(?! dialect: "wazuh")/, 'ossec: { dialect: "wazuh",')
    .replace(/, (?:version: "(?:3\.[78]|4\.3)"|dialect: "ossec"|decodersFirst: true)/g, "");
}

/** An example of the repository with Wazuh in the place of OSSEC; `change` replaces more of it. */
export async function exampleForWazuh(
  example: string,
  change: (text: string) => string = (text) => text,
): Promise<CompiledBundle> {
  const text = inWazuhsPlace(change(readFileSync(join(examples, example), "utf8")));
  const { folder } = workspace().write("bundle.zopf.ts", text);
  return compiled(join(folder, "bundle.zopf.ts"));
}

/** A Wazuh home with the seven roots and the JSON decoder, and nothing that takes a line. */
export function bareHome(): OssecSource {
  const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"].map(
    (category, index) =>
      `<rule id="${index + 1}" level="0" noalert="1"><category>${category}</category><description>${category}</description></rule>`,
  );
  const files = new Map([
    ["etc/ossec.conf", "<ossec_config><global><logall>no</logall></global></ossec_config>\n"],
    ["ruleset/rules/0010-rules_config.xml", `<group name="roots,">${roots.join("\n")}</group>\n`],
    [
      "ruleset/decoders/0006-json_decoders.xml",
      `<decoder name="json"><prematch>^{\\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>
<decoder name="zz_none"><program_name>^zz_never_zz$</program_name></decoder>\n`,
    ],
  ]);
  return {
    read: (path) => {
      const text = files.get(path);
      return text === undefined ? null : Buffer.from(text);
    },
    list: (folder) => {
      const names = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
      return names.length === 0 ? null : names.map((path) => path.slice(folder.length + 1));
    },
  };
}
