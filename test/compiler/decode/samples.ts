import { presets } from "../../../src/catalogue/index.js";

/** Stands for every function of a bundle: decoding looks at none of them. */
const f = (): string => "x";

const ruleText = {
  description: "d",
  groups: ["a"],
  id: 100_600,
  overwrite: true,
  info: [{ text: "t" }, { link: "https://example.org" }, { cve: "2003-0282" }],
  mitre: ["T1110.001"],
  mail: true,
  log: false,
  ignore: "10 min",
  accept: ["OSSEC-MATCH-BANG"],
  respond: false,
  fullLog: false,
};
const rule = { level: 6, ...ruleText };
const named = { network: "10.0.0.0/8", name: "us" };
const window = { sliding: "1 min" };
const per = "source";
const caps = { keys: 5, members: 5 };

const zeek = {
  kind: "zeek",
  name: "Counted",
  event: "new_connection",
  where: f,
  per: f,
  count: { events: true },
  threshold: 5,
  window,
  notice: { message: f, suppress: "1 min" },
  rule,
  source: f,
  log: { path: "counted", columns: { a: f } },
  caps,
  flipped: "ignore",
};

/** Settings that only some presets have. */
const own: Readonly<Record<string, object>> = {
  "half-open": { per },
  rejected: { per },
  connect: { per },
  fin: { per },
  null: { per },
  ack: { per },
  "syn-fin": { per },
  "bogus-flags": { per },
  "any-state": { per, traceroutePorts: [33_434, 33_534] },
  udp: { per, traceroutePorts: [33_434, 33_534] },
  traceroute: { traceroutePorts: [33_434, 33_534] },
  "ping-flood": { rate: 10 },
  smurf: { broadcast: ["192.0.2.255"] },
  darknet: { networks: ["192.0.2.0/28"] },
  honeypot: { networks: ["192.0.2.1"] },
  "ssh-guessing": { per },
  "ssh-hammering": { port: "22/tcp" },
  "ftp-guessing": { per },
  "http-guessing": { per, paths: ["login"], statuses: [200] },
  "http-paths": { statuses: [404] },
  "dns-names": { allow: ["example.com"], labels: 2 },
  "dns-bytes": { allow: ["example.com"], labels: 2 },
  "dns-entropy": { allow: ["example.com"], labels: 2, length: 24, bits: 3.5 },
  "fin-packets": { per },
  "null-packets": { per },
  "xmas-packets": { per },
};

const scans = presets.map(({ scan }, index) => ({
  kind: "scan",
  scan,
  name: `Scan${index}`,
  threshold: 5,
  window: "1 min",
  from: "outside",
  where: f,
  notice: { message: f, suppress: "1 min" },
  rule,
  caps,
  ...own[scan],
}));

const pattern = { language: "pcre2", text: "^refused ([0-9.]+)$" };

const log = {
  kind: "log",
  name: "Line",
  log: "/var/log/app.log",
  on: ["web"],
  firstTime: ["srcip"],
  program: "app",
  prematch: { language: "osregex", text: "^refused" },
  regex: pattern,
  offset: "after_prematch",
  order: ["srcip"],
  where: { srcip: "10.0.0.0/8" },
  match: { language: "osmatch", text: "refused" },
  time: "08:00-17:00",
  weekdays: "weekdays",
  samples: ["app: refused 10.0.0.1", { line: "app: refused 10.0.0.1", fields: { srcip: "10.0.0.1" } }],
  notSamples: ["app: accepted 10.0.0.1"],
  rule,
};

const listed = { name: "listed", entries: ["192.0.2.1"] };

const about = {
  kind: "rule",
  name: "About",
  under: { rules: [5_716] },
  where: {
    srcip: ["10.0.0.0/8"],
    dstip: "!10.0.0.0/8",
    srcport: "22",
    dstport: "22",
    user: ["root", "admin"],
    url: pattern,
    id: "404",
    status: "1",
    extra_data: "x",
    action: "DROP",
    data: { not: "x" },
    protocol: { not: ["tcp", "udp"] },
    system_name: pattern,
    program: "sshd",
    hostname: "web",
    agent: "web",
    location: "/var/log/auth.log",
    decoder: "sshd",
    category: "syslog",
    fields: { key: "x", other: { all: [pattern, { not: pattern }] } },
  },
  match: pattern,
  firstTime: true,
  time: "22:00-06:00",
  weekdays: ["monday"],
  effect: { raise: 10 },
  samples: ["app: refused 10.0.0.1"],
  notSamples: ["app: accepted 10.0.0.1"],
  rule: ruleText,
};

const alsoLog = {
  kind: "log",
  name: "Also",
  program: "app",
  regex: pattern,
  order: ["srcip"],
  captures: "optional",
  also: [{ program: "app2", regex: pattern }],
  forgeable: "a datagram has whatever source its sender chose",
  samples: ["app: refused 10.0.0.1"],
  rule,
};

const service = {
  kind: "service",
  service: "sshd",
  name: "Guessing",
  log: "/var/log/auth.log",
  events: 5,
  within: "1 min",
  sources: 3,
  rule,
};

const burst = {
  kind: "burst",
  name: "Burst",
  of: { detection: "Line" },
  events: 5,
  within: "1 min",
  per: ["source", "user", { field: "key" }],
  where: { user: "root" },
  match: [pattern, { not: pattern }],
  time: "22:00-06:00",
  weekdays: ["monday"],
  different: "url",
  sources: 2,
  rule,
};

const sequence = {
  kind: "sequence",
  name: "Sequence",
  first: { detection: "Line" },
  times: 3,
  next: { rule: 5_715 },
  within: "1 min",
  per: "source",
  where: { user: "root" },
  match: pattern,
  time: "22:00-06:00",
  weekdays: ["monday"],
  different: ["url", { field: "key" }],
  samples: [["app: refused 10.0.0.1", "app: accepted 10.0.0.1"]],
  rule,
};

const iplog = {
  kind: "iplog",
  name: "Iplog",
  log: "/var/log/iplog",
  scans: ["port_scan"],
  expired: false,
  ignore: [
    { protocol: "tcp", destinationPort: 80, sourcePort: "6000:6010", from: "192.0.2.1", to: "192.0.2.2" },
  ],
  ignoreDns: true,
  foolNmap: false,
  sensor: {
    interfaces: ["em0"],
    promiscuous: "192.0.2.0/24",
    user: "nobody",
    group: "nogroup",
    pidFile: "/var/run/iplog.pid",
    scansOnly: true,
    verbose: true,
  },
  rule,
};

const declared = {
  path: "modbus",
  event: "Modbus::log_modbus",
  record: "Modbus::Info",
  columns: { ts: "time" },
  load: "policy/modbus",
  parameter: "rec",
  writtenBy: "any",
};

const pf = {
  kind: "pf",
  table: "t",
  log: true,
  flavour: "freebsd",
  counters: true,
  rateLimit: {
    ports: [22],
    to: ["192.0.2.1"],
    connections: 10,
    within: "5 sec",
    atOnce: 20,
    for: "1 hr",
    interface: "em0",
  },
  redirect: { ports: [22], to: 8_022, interface: "em0" },
};

const linux = { log: true, counters: true, systemd: true };
const stock = { alsoStockRules: true } as const;
const block = {
  kind: "block",
  when: { detection: "Line" },
  for: "10 min",
  escalate: ["30 min"],
  prefix: { v4: 24, v6: 64 },
  on: ["web"],
  where: "sensor",
  ...stock,
};

const bundle = {
  name: "test",
  zeek: {
    logs: "/l",
    site: "/s",
    noticeLog: "dedicated",
    noticeKey: "0123456789abcdef",
    noticeFormat: "tsv",
    localNets: ["192.0.2.0/24"],
    tests: true,
  },
  ossec: {
    home: "/o",
    installation: "server",
    decodersFirst: true,
    firstRuleId: 100_500,
    dialect: "ossec",
    version: "4.3",
  },
  neverBlock: ["192.0.2.1", named],
  ownAddresses: [named],
  detections: [zeek, log, alsoLog, service, burst, iplog, about, sequence],
  raw: [
    {
      name: "Raw",
      decoders: "<decoder>",
      rules: "<group>",
      before: "Line",
      after: "Line",
      samples: [{ line: "a line", rule: 5 }],
    },
  ],
  responses: [block],
  firewall: pf,
};

/** Bundles whose shape is right, and in which every property of the DSL's types occurs. */
export const samples: readonly object[] = [
  bundle,
  {
    ...bundle,
    ossec: { ...bundle.ossec, dialect: "wazuh", version: "4.14" },
    detections: [
      { ...zeek, kind: "rows", count: { distinct: f }, window: { fixed: "1 min" }, event: { log: "ssh" } },
      { ...zeek, kind: "rows", count: { sum: f }, window: { writeExpire: "1 min" }, event: declared },
      { ...zeek, window: { readExpire: "1 min" }, event: "ssh.log" },
      { ...burst, of: { rule: 5_710 }, per: "all" },
      { ...burst, of: { group: "scan" }, per: "source" },
      {
        ...about,
        under: { group: "web" },
        effect: { lower: 3 },
        where: {
          srcip: { in: listed, whole: true },
          dstip: { notIn: listed, whole: true },
          user: { notIn: listed },
          id: { in: { path: "etc/lists/ids" } },
          location: { language: "wazuhregex", text: "syscheck$" },
          url: { in: { name: "pairs", entries: { "/a": "b" } }, having: { language: "osmatch", text: "b" } },
        },
      },
      { ...about, under: { detection: "Line" }, effect: { silence: true } },
      { ...about, under: { rules: [5_716], detection: ["Line", "Burst"] }, effect: { level: 3 } },
      { ...about, under: undefined, effect: { onlyParent: 0 } },
      { ...log, program: pattern, where: { srcip: pattern } },
    ],
    responses: [
      { ...block, when: { level: 6, ...stock }, where: { agent: "003" } },
      { ...block, when: { group: "scan", ...stock } },
      { ...block, when: { rule: [5_710] } },
      { kind: "log", when: { rule: 5_711 }, for: "10 min", where: "gateway", ...stock },
      {
        kind: "notify",
        when: { detection: "Line" },
        syslog: "auth.notice",
        webhook: { url: "https://hooks.example.org/x", body: "slack" },
        run: ["/bin/true", "x"],
        where: "everywhere",
        ...stock,
      },
    ],
    firewall: [
      { kind: "ipfw", table: 2, rule: 1, log: true },
      { kind: "nftables", table: "ossec_blocked", family: "inet", ...linux },
    ],
  },
  {
    ...bundle,
    detections: scans,
    firewall: undefined,
    targets: {
      gateway: {
        roles: ["sensor", "ossec-server"],
        firewall: { kind: "iptables", set: "ossec_blocked", ...linux },
        agent: "003",
        neverBlock: ["192.0.2.1", named],
        ossec: { home: "/o" },
        zeek: { logs: "/l", site: "/s" },
      },
      web: { firewall: [{ kind: "routeNull", systemd: true }, { kind: "dryRun" }] },
    },
  },
];

/** Where something stands in a bundle. */
export type Path = readonly (string | number)[];

/** Every property of a value and of what is in it, but not elements of lists. */
export function propertiesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    return [...(Array.isArray(value) ? [] : [here]), ...propertiesOf(below, here)];
  });
}

/** How diagnostics call it. */
export function labelOf(path: Path): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .slice(1);
}

/** A copy in which the property at the path is what `change` makes of its holder. */
export function changed(
  value: unknown,
  path: Path,
  change: (holder: object, key: string | number) => object,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return value;
  if (rest.length === 0) return change(value, key);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  Reflect.set(copy, key, changed(Reflect.get(value, key), rest, change));
  return copy;
}

/** The holder without the property, with another one in its place where a name is given. */
export function renamed(holder: object, key: string | number, name: string | null): object {
  return Object.fromEntries(
    Object.entries(holder).flatMap(([one, value]) =>
      one !== String(key) ? [[one, value]] : name === null ? [] : [[name, value]],
    ),
  );
}
