import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { showPath } from "../../src/cli/command.js";
import { type CompiledBundle, compileBundles } from "../../src/compiler/compile.js";
import { type DeployOptions, type DeployReport, deploy } from "../../src/deploy/deploy.js";
import { nodeFileOps } from "../../src/deploy/file-ops.js";
import { bundleText } from "../compiler/workspace.js";
import { scratchFolder } from "../scratch-folder.js";

/** A small OSSEC installation with entries of its own, below a root. */
const stock: Readonly<Record<string, string>> = {
  "var/ossec/etc/ossec.conf": `<ossec_config>
  <!-- the site's own -->
  <global>
    <white_list>127.0.0.1</white_list>
  </global>
  <rules>
    <include>rules_config.xml</include>
    <include>sshd_rules.xml</include>
    <include>local_rules.xml</include>
  </rules>
  <localfile>
    <log_format>syslog</log_format>
    <location>/var/log/auth.log</location>
  </localfile>
  <command>
    <name>host-deny</name>
    <executable>host-deny.sh</executable>
    <expect>srcip</expect>
    <timeout_allowed>yes</timeout_allowed>
  </command>
</ossec_config>
`,
  "var/ossec/etc/decoder.xml": `<decoder name="sshd"><program_name>^sshd</program_name></decoder>
<decoder name="other"><prematch>^other: </prematch></decoder>
`,
  "var/ossec/rules/rules_config.xml": `<group name="syslog,">
${["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"]
  .map(
    (category, index) =>
      `  <rule id="${index + 1}" level="0" noalert="1"><category>${category}</category><description>${category}</description></rule>\n`,
  )
  .join("")}</group>
`,
  "var/ossec/rules/sshd_rules.xml": `<group name="sshd,">
  <rule id="5700" level="0"><decoded_as>sshd</decoded_as><description>SSHD</description></rule>
</group>
`,
  "var/ossec/rules/local_rules.xml": `<!-- Local rules. -->
<group name="local,">
  <rule id="100001" level="3">
    <if_sid>5700</if_sid>
    <match>hello</match>
    <description>Somebody's own</description>
  </rule>
</group>
`,
  "opt/zeek/share/zeek/site/local.zeek": "@load tuning/json-logs\n@load perimeter\n",
  "etc/pf.conf": 'set skip on lo\next_if = "em0"\npass out quick on $ext_if\nblock in log\n',
};

export interface Host {
  readonly root: string;
  write(path: string, text: string, mode?: number): Host;
  read(path: string): string | null;
  remove(path: string): Host;
  /** Every path with its kind, mode and content; `zopf`'s own books apart. */
  tree(books?: boolean): Readonly<Record<string, string>>;
}

export function host(files: Readonly<Record<string, string>> = stock): Host {
  const root = scratchFolder("host");
  const self: Host = {
    root,
    write(path, text, mode) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      if (mode !== undefined) chmodSync(join(root, path), mode);
      return self;
    },
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "latin1") : null),
    remove(path) {
      rmSync(join(root, path), { recursive: true, force: true });
      return self;
    },
    tree(books = false) {
      const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
      return Object.fromEntries(
        names
          .filter((name) => books || !/\/etc\/zopf\/(?:backup|deploy\.lock|.*journal)/.test(name))
          .map((name) => {
            const state = lstatSync(join(root, name));
            const mode = (state.mode & 0o7777).toString(8);
            if (state.isSymbolicLink()) return [name, `link ${readlinkSync(join(root, name))}`];
            return [
              name,
              state.isDirectory()
                ? `folder ${mode}`
                : `file ${mode} ${readFileSync(join(root, name), "latin1")}`,
            ];
          }),
      );
    },
  };
  for (const [path, text] of Object.entries(files)) self.write(path, text);
  return self;
}

const compiledBefore = new Map<string, CompiledBundle>();

/** The bundle of the tests, with pieces of it replaced. */
export async function compiled(replace: Readonly<Record<string, string>> = {}): Promise<CompiledBundle> {
  const key = JSON.stringify(replace);
  const before = compiledBefore.get(key);
  if (before !== undefined) return before;
  const folder = scratchFolder("bundle");
  const file = join(folder, "perimeter.zopf.ts");
  writeFileSync(file, bundleText(replace));
  const result = await compileBundles([file], { show: showPath, cache: false });
  const [bundle] = result.bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(result.diagnostics));
  rmSync(folder, { recursive: true });
  compiledBefore.set(key, bundle);
  return bundle;
}

export function deployTo(
  root: string,
  bundle: CompiledBundle,
  options: Partial<DeployOptions> = {},
): Promise<DeployReport> {
  return deploy({
    bundle,
    root,
    dryRun: false,
    rollback: false,
    force: false,
    ops: nodeFileOps,
    show: showPath,
    askEngines: async () => [],
    ...options,
  });
}
