/** The presets on Zeek's other logs: attacks fire, in TSV and JSON; days without one, victims and bystanders do not. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Model } from "../../src/model/model.js";
import { workspace } from "../compiler/workspace.js";
import { scratchFolder } from "../scratch-folder.js";
import { compile, compileDetections, type Fired, replayed, serviceExample } from "./catalogue.js";
import {
  client,
  conn,
  dns,
  ftp,
  http,
  json,
  type LogName,
  logNames,
  noise,
  type Row,
  repeat,
  ssh,
  tsv,
  weird,
} from "./logs.js";
import { attacker, third } from "./traffic.js";

type Logs = Readonly<Partial<Record<LogName, readonly Row[]>>>;

async function fired(model: Model, logs: Logs, write: typeof tsv = tsv): Promise<readonly Fired[]> {
  const folder = scratchFolder("services");
  try {
    const files: Record<string, string> = {};
    for (const log of logNames) {
      const rows = logs[log];
      if (rows === undefined) continue;
      files[log] = join(folder, `${log}.log`);
      writeFileSync(files[log], write(log, rows));
    }
    const { conn: connections = null, ...others } = files;
    return await replayed(model, connections, others);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const model = await compile(serviceExample);
const told = (all: readonly Fired[]): readonly string[] => [
  ...new Set(all.map(({ detection, source }) => `${detection} ${source}`)),
];

const tunnelName = (index: number): string => `${noise(index, 50)}.${noise(index + 0.5, 50)}.t.example.net`;

/** Each attack with what it must be called, and by whose name. */
const attacks: Readonly<Record<string, readonly [Logs, readonly string[]]>> = {
  "SSH password guessing": [
    { ssh: repeat(40, (index) => ssh({ at: index * 20, success: false, to: `162.212.157.${index % 5}` })) },
    [`Ssh_Guessing ${attacker}`],
  ],
  "SSH, where nobody can tell": [
    { conn: repeat(40, (index) => conn(ssh({ at: index * 5 }), "ShAadDdFfR")) },
    [`Ssh_Hammering ${attacker}`],
  ],
  "FTP password guessing": [
    {
      ftp: repeat(60, (index) =>
        ftp({
          at: index * 5,
          command: index % 2 === 0 ? "USER" : "PASS",
          reply: index % 2 === 0 ? 331 : 530,
        }),
      ),
    },
    [`Ftp_Guessing ${attacker}`],
  ],
  "HTTP password guessing, a form": [
    {
      http: repeat(25, (index) => http({ at: index, method: "POST", uri: "/WP-Login.php?x=1", status: 200 })),
    },
    [`Http_Guessing ${attacker}`],
  ],
  "HTTP password guessing, basic authentication": [
    { http: repeat(25, (index) => http({ at: index, uri: "/private", status: 401, username: "admin" })) },
    [`Http_Guessing ${attacker}`],
  ],
  "HTTP path scanning": [
    { http: repeat(40, (index) => http({ at: index / 4, uri: `/${noise(index, 8)}.php`, status: 404 })) },
    [`Http_Paths ${attacker}`],
  ],
  "a tunnel in DNS": [
    { dns: repeat(600, (index) => dns({ at: index / 2, query: tunnelName(index) })) },
    [`Dns_Entropy ${client}`, `Dns_Names ${client}`, `Dns_Bytes ${client}`],
  ],
  "a slow tunnel in DNS": [
    { dns: repeat(30, (index) => dns({ at: index * 15, query: tunnelName(index) })) },
    [`Dns_Entropy ${client}`],
  ],
  "small fragments": [
    { weird: [weird({ at: 3, name: "excessively_small_fragment" })] },
    [`Small_Fragments ${attacker}`],
  ],
};

for (const [title, [logs, names]] of Object.entries(attacks))
  for (const [form, write] of [
    ["TSV", tsv],
    ["JSON", json],
  ] as const)
    test(`fires: ${title} (${form})`, async () => {
      assert.equal(told(await fired(model, logs, write)), names);
    });

const browsing = ["/", "/index.html", "/style.css", "/logo.png", "/news?page=2", "/favicon.ico"];
const words = ["www", "mail", "api", "cdn", "static-assets", "images", "login", "docs"];
const silent: Readonly<Record<string, Logs>> = {
  "an ordinary day": {
    ssh: [
      ...repeat(20, (index) => ssh({ at: index * 60, from: third, success: index % 7 !== 0 })),
      ...repeat(10, (index) => ssh({ at: index * 300, from: third })),
    ],
    ftp: repeat(40, (index) =>
      ftp({
        at: index * 30,
        from: third,
        command: index % 3 === 0 ? "PASS" : "RETR",
        reply: index === 0 ? 530 : 226,
      }),
    ),
    http: [
      ...repeat(300, (index) =>
        http({
          at: index,
          from: third,
          uri: browsing[index % browsing.length] ?? "/",
          status: index % 40 === 0 ? 404 : 200,
        }),
      ),
      ...repeat(3, (index) =>
        http({ at: index * 9, from: third, method: "POST", uri: "/login", status: 200 }),
      ),
      http({ at: 30, from: third, method: "POST", uri: "/login", status: 302 }),
    ],
    dns: repeat(800, (index) =>
      dns({
        at: index,
        query: `${words[index % words.length] ?? "www"}.site${Math.floor(index / words.length) % 60}.example`,
      }),
    ),
    weird: repeat(40, (index) =>
      weird({
        at: index,
        name: index % 2 === 0 ? "data_before_established" : "line_terminated_with_single_LF",
      }),
    ),
  },
  "a form that somebody sends again and again, with success": {
    http: repeat(60, (index) => http({ at: index, method: "POST", uri: "/login", status: 302 })),
  },
  "a page that asks for one missing file all the time": {
    http: repeat(200, (index) => http({ at: index, uri: `/missing.js?_=${index}`, status: 404 })),
  },
  "answers without a request: neither path nor password": {
    http: repeat(60, (index) => http({ at: index, from: third, uri: undefined, status: 404 })),
  },
  "requests without an answer: packets were lost, or the capture has one half": {
    http: repeat(60, (index) =>
      http({ at: index, uri: `/login/${index}`, method: "POST", status: undefined }),
    ),
    ssh: repeat(60, (index) => ssh({ at: index })),
    dns: repeat(300, (index) => dns({ at: index, query: tunnelName(index), answered: false })),
  },
  "answers of DNS without a question, as the victim of a flood gets them": {
    dns: repeat(300, (index) => dns({ at: index, query: undefined })),
  },
  "multicast names and NetBIOS": {
    dns: [
      ...repeat(300, (index) => dns({ at: index, query: `${noise(index, 40)}._tcp.local`, port: 5353 })),
      ...repeat(300, (index) => dns({ at: index, query: `${noise(index, 40)}.x.y`, port: 137 })),
    ],
  },
  "reverse lookups of a mail server": {
    dns: repeat(400, (index) => dns({ at: index, query: `${index % 250}.${index % 7}.51.198.in-addr.arpa` })),
  },
  "the same name again and again": {
    dns: repeat(200, (index) => dns({ at: index * 3, query: "updates.example.com" })),
  },
  "long names of words below one domain": {
    dns: repeat(100, (index) =>
      dns({ at: index * 5, query: `static-assets-${words[index % 8] ?? ""}-${index}.example.com` }),
    ),
  },
  "logins from within, and names from without": {
    ssh: repeat(60, (index) => ssh({ at: index, from: client, success: false })),
    dns: repeat(600, (index) => dns({ at: index / 2, from: attacker, query: tunnelName(index) })),
  },
  "small scans and half connections to port 22": {
    conn: ["S", "Sr", "ShAR", "ShAF", "ShADFR", "DA", "^hADadFf", "H", "R"].flatMap((history, place) =>
      repeat(40, (index) => conn(ssh({ at: index + place, uid: `C${place}x${index}` }), history)),
    ),
  },
  "odd things without addresses": {
    weird: repeat(40, (index) => weird({ at: index, name: "excessively_small_fragment", noEnds: true })),
  },
};

for (const [title, logs] of Object.entries(silent))
  for (const [form, write] of [
    ["TSV", tsv],
    ["JSON", json],
  ] as const)
    test(`silent: ${title} (${form})`, async () => {
      assert.equal(told(await fired(model, logs, write)), []);
    });

const turned = (logs: Logs, proto = "tcp"): Logs => ({
  ...logs,
  conn: Object.values(logs).flatMap((rows) =>
    rows.map((row) => conn(row, proto === "udp" ? "^dD" : "^hADadFf", proto)),
  ),
});

for (const title of [
  "SSH password guessing",
  "FTP password guessing",
  "HTTP path scanning",
  "a tunnel in DNS",
])
  test(`turned connections: ${title} in the name of a victim`, async () => {
    const [logs] = attacks[title] ?? [{}];
    assert.equal(told(await fired(model, turned(logs, "dns" in logs ? "udp" : "tcp"))), []);
  });

const only = (text: string): Promise<Model> => compileDetections(`{ kind: "scan", name: "Found", ${text} }`);

test("settings of the web's presets", async () => {
  const posts = (status: number, uri = "/konto/anmelden"): Logs => ({
    http: repeat(25, (index) => http({ at: index, method: "POST", uri, status })),
  });
  const guessing = (more: string) => only(`scan: "http-guessing"${more}`);
  assert.equal(told(await fired(await guessing(""), posts(200))), []);
  assert.equal(told(await fired(await guessing(', paths: ["Anmelden"]'), posts(200))), [`Found ${attacker}`]);
  assert.equal(told(await fired(await guessing(', paths: ["anm.lden"]'), posts(200))), []);
  assert.equal(told(await fired(await guessing(', paths: ["Anmelden"], statuses: [401]'), posts(200))), []);
  const forbidden: Logs = { http: repeat(40, (index) => http({ at: index, uri: `/${index}`, status: 403 })) };
  assert.equal(told(await fired(await only('scan: "http-paths"'), forbidden)), []);
  assert.equal(told(await fired(await only('scan: "http-paths", statuses: [403, 404]'), forbidden)), [
    `Found ${attacker}`,
  ]);
});

test("settings of the presets for DNS", async () => {
  const names = (query: (index: number) => string): Logs => ({
    dns: repeat(30, (index) => dns({ at: index, query: query(index) })),
  });
  const entropy = (more: string) => only(`scan: "dns-entropy"${more}`);
  const found = [`Found ${client}`];
  const hex = names((index) => `${noise(index, 40)}.example.net`);
  assert.equal(told(await fired(await entropy(""), hex)), found);
  assert.equal(told(await fired(await entropy(', allow: ["Example.net"]'), hex)), []);
  assert.equal(told(await fired(await entropy(", length: 41"), hex)), []);
  assert.equal(told(await fired(await entropy(", bits: 4"), hex)), []);
  assert.equal(told(await fired(await entropy(', from: "outside"'), hex)), []);
  const spread = names((index) => `${noise(index, 40)}.d${index}.co.uk`);
  assert.equal(told(await fired(await entropy(""), spread)), found);
  assert.equal(told(await fired(await entropy(", labels: 3"), spread)), []);
});

test("where: a further condition on the row, typed", async () => {
  const [logs] = attacks["SSH password guessing"] ?? [{}];
  assert.equal(
    told(
      await fired(
        await only('scan: "ssh-guessing", where: (c) => c.client !== "SSH-2.0-libssh2_1.4.3"'),
        logs,
      ),
    ),
    [],
  );
  assert.equal(told(await fired(await only('scan: "ssh-guessing", where: (c) => c.version === 2'), logs)), [
    `Found ${attacker}`,
  ]);
  assert.equal(told(await fired(await only('scan: "ssh-guessing", per: "pair"'), logs)), []);
  assert.equal(
    told(
      await fired(await only('scan: "ssh-hammering", port: "2222/tcp"'), {
        conn: repeat(40, (index) => ({ ...conn(ssh({ at: index }), "ShADad"), "id.resp_p": 2222 })),
      }),
    ),
    [`Found ${attacker}`],
  );
});

const wrong: Readonly<Record<string, readonly [string, string]>> = {
  "a path that is none": ['scan: "http-guessing", paths: ["a b"]', "bundle/shape"],
  "no paths": ['scan: "http-guessing", paths: []', "bundle/shape"],
  "a status that is none": ['scan: "http-paths", statuses: [42]', "bundle/number"],
  "a domain that is none": ['scan: "dns-names", allow: ["*.example.com"]', "bundle/shape"],
  "no labels": ['scan: "dns-names", labels: 0', "bundle/number"],
  "more bits than a byte has": ['scan: "dns-entropy", bits: 9', "bundle/number"],
  "a port that is none": ['scan: "ssh-hammering", port: JSON.parse(\'"ssh"\')', "bundle/port"],
  "a field of another log": ['scan: "ssh-guessing", where: (c) => c.uri === ""', "TS2339"],
};

for (const [title, [detection, code]] of Object.entries(wrong))
  test(`told at its place: ${title}`, async () => {
    const text = `import { defineBundle } from "zopf";
export default defineBundle({
  name: "services", zeek: { logs: "/zeek/logs", site: "/zeek/site" }, ossec: { home: "/var/ossec" },
  detections: [{ kind: "scan", name: "Found",
    ${detection} }],
});
`;
    const { diagnostics } = await workspace().write("bundle.zopf.ts", text).build();
    assert.ok(
      diagnostics.some((one) => one.code === code && one.line === 5),
      diagnostics.map((one) => `${one.code} ${one.line} ${one.message}`).join("\n"),
    );
  });

test("small fragments cannot feed a block", async () => {
  const text = `import { defineBundle, pf } from "zopf";
export default defineBundle({
  name: "services", zeek: { logs: "/zeek/logs", site: "/zeek/site" }, ossec: { home: "/var/ossec" },
  firewall: pf({ table: "t" }), neverBlock: ["192.0.2.1"],
  detections: [{ kind: "scan", scan: "small-fragments", name: "Found" }],
  responses: [{ kind: "block", when: { detection: "Found" }, for: "10 min" }],
});
`;
  const { diagnostics } = await workspace().write("bundle.zopf.ts", text).build();
  assert.ok(diagnostics.some(({ code }) => code === "bundle/innocent"));
});

test.run();
