/** What else a bundle can say, for Wazuh: its samples run through Wazuh's engine when it is compiled. */
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compiled } from "./for-wazuh.js";
import { workspace } from "./workspace.js";

const test = suite("lists, sequences, first times and raw XML for Wazuh");

const line = (message: string): string => `Nov 14 18:09:08 web app[812]: ${message}`;

async function files(detections: string, head = "", more = ""): Promise<ReadonlyMap<string, string>> {
  const { folder } = workspace().write(
    "bundle.zopf.ts",
    `import { defineBundle, list, pcre2 } from "zopf";
${head}
export default defineBundle({
  name: "words",
  ossec: { dialect: "wazuh", home: "/var/ossec", firstRuleId: 100500 },
  detections: [${detections}],
  ${more}
});
`,
  );
  const bundle = await compiled(join(folder, "bundle.zopf.ts"));
  return new Map(bundle.files.map(({ path, content }) => [path, content]));
}

const login = (name: string, more: string): string => `{
  kind: "log", name: "${name}", program: "app",
  regex: pcre2\`^login of (\\w+) from ([0-9a-f.:]+)$\`, order: ["user", "srcip"], ${more}
  rule: { level: 5, description: "a login" },
}`;

test("a list of users and one of networks: looked up in the fields that Wazuh has", async () => {
  const found = await files(
    login(
      "Stranger",
      `where: { user: { notIn: admins }, srcip: { notIn: office } },
      samples: ["${line("login of carol from 198.51.100.66")}"],
      notSamples: ["${line("login of alice from 198.51.100.66")}", "${line("login of carol from 10.1.2.3")}"],`,
    ),
    `const admins = list({ name: "admins", entries: ["alice"] });
const office = list({ name: "office", entries: ["10.1.0.0/16"] });`,
  );
  assert.match(found.get("wazuh/zopf-words_rules.xml") ?? "", "etc/lists/zopf-words-admins");
  assert.match(
    found.get("wazuh/ossec.conf") ?? "",
    /<ruleset>.*<list>etc\/lists\/zopf-words-admins<\/list>.*<\/ruleset>/s,
  );
});

test("a sequence, and the first time of a user", async () => {
  const failed = `{
    kind: "log", name: "Failed", program: "app",
    regex: pcre2\`^failed login of (\\w+) from ([0-9a-f.:]+)$\`, order: ["user", "srcip"],
    samples: ["${line("failed login of carol from 198.51.100.66")}"],
    rule: { level: 5, description: "a failed login" },
  }`;
  const sequence = `{
    kind: "sequence", name: "Guessed", first: { detection: "Failed" }, next: { detection: "Login" },
    within: "10 min", per: "source", rule: { level: 10, description: "guessed" },
  }`;
  const samples = `samples: ["${line("login of carol from 198.51.100.66")}"],`;
  const found = await files([failed, login("Login", samples), sequence].join(", "));
  assert.match(found.get("wazuh/zopf-words_rules.xml") ?? "", "<if_matched_sid>");
  const first = await files(login("First", `firstTime: ["user"], ${samples}`));
  assert.match(first.get("wazuh/0000-zopf-words_decoders.xml") ?? "", "<fts>name, srcuser</fts>");
});

test("raw XML is Wazuh's own", async () => {
  const raw = `raw: [{
    name: "Own",
    decoders: \`<decoder name="own"><program_name>^own$</program_name></decoder>
<decoder name="own_child"><parent>own</parent><regex type="pcre2">(?i)from (\\\\S+)</regex><order>srcip</order></decoder>
\`,
    rules: \`<group name="own,"><rule id="100600" level="5"><decoded_as>own</decoded_as><srcip negate="yes">10.0.0.0/8</srcip><description>own</description></rule></group>
\`,
    samples: [{ line: "Nov 14 18:09:08 web own[1]: from 192.0.2.7", rule: 100600 }],
  }],`;
  const found = await files(
    login("Login", `samples: ["${line("login of carol from 198.51.100.66")}"],`),
    "",
    raw,
  );
  assert.match(found.get("wazuh/zopf-words_rules.xml") ?? "", 'negate="yes"');
});

test.run();
