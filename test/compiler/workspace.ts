import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { showPath } from "../../src/cli/command.js";
import { type BuildOptions, type BuildReport, build } from "../../src/compiler/build.js";
import { scratchFolder } from "../scratch-folder.js";

/** A folder of its own with bundles in it; every path is relative to it. */
export interface Workspace {
  readonly folder: string;
  write(path: string, text: string): Workspace;
  read(path: string): string | null;
  /** Every file below `path`, sorted, with its content and whether it can be executed. */
  tree(path: string): Readonly<Record<string, string>>;
  build(options?: Partial<Omit<BuildOptions, "files">> & { files?: readonly string[] }): Promise<BuildReport>;
}

export function workspace(): Workspace {
  const folder = scratchFolder("test");
  const self: Workspace = {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      return self;
    },
    read: (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : null),
    tree(path) {
      const root = join(folder, path);
      if (!existsSync(root)) return {};
      const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
      return Object.fromEntries(
        names
          .filter((name) => statSync(join(root, name)).isFile())
          .map((name) => [
            `${name}${(statSync(join(root, name)).mode & 0o100) === 0 ? "" : "*"}`,
            readFileSync(join(root, name), "utf8"),
          ]),
      );
    },
    build: ({ files = ["bundle.zopf.ts"], ...options } = {}) =>
      build({
        files: files.map((name) => join(folder, name)),
        out: join(folder, "generated"),
        check: false,
        force: false,
        cache: false,
        show: showPath,
        ...options,
      }),
  };
  return self;
}

/** A bundle that builds; `replace` changes pieces of it. */
export function bundleText(replace: Readonly<Record<string, string>> = {}): string {
  let text = `import { Site, defineBundle, pf } from "zopf";

export default defineBundle({
  name: "perimeter",
  zeek: { logs: "/var/log/zeek/current", site: "/opt/zeek/share/zeek/site", noticeLog: "dedicated" },
  ossec: { home: "/var/ossec", version: "4.3", dialect: "ossec", firstRuleId: 100500 },
  firewall: pf({ table: "ossec_fwtable" }),
  neverBlock: ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"],
  detections: [{
    kind: "zeek",
    name: "Port_Scan_S0_Detected",
    event: "connection_state_remove",
    where: (c) => c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h),
    per: (c) => c.id.orig_h,
    count: { distinct: (c) => c.id.resp_p },
    threshold: 5,
    window: { sliding: "1 min" },
    notice: {
      message: (hit) => \`IP \${hit.key} suspected of scanning: \${hit.count} distinct ports\`,
      suppress: "5 min",
    },
    rule: { level: 6, groups: ["zeek", "scan"], description: "Zeek: stealth scan (5 ports in state S0)" },
  }],
  responses: [{ kind: "block", when: { detection: "Port_Scan_S0_Detected" }, for: "10 min" }],
  ownAddresses: ["2001:db8::1"],
});
`;
  for (const [from, to] of Object.entries(replace)) {
    if (!text.includes(from)) throw new Error(`the bundle does not hold ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}
