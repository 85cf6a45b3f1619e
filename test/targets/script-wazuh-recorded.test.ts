/** The script on messages that the real analysis engine sent, as execd hands them on. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseAddress } from "../../src/firewall/address.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { wazuh } from "./models.js";
import { sandbox, shells } from "./shells.js";

const test = suite("firewall-drop.sh and recorded messages");

const nft = { kind: "nftables", table: "ossec_blocked", family: "inet", log: false } as const;
const script = emitScript(wazuh({ firewalls: [nft], neverBlock: [] }))[0]?.content ?? "";

type Record = Readonly<{ [name: string]: unknown }>;
const isRecord = (value: unknown): value is Record => typeof value === "object" && value !== null;
const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);

const json = (url: URL): unknown => JSON.parse(readFileSync(url, "utf8"));

/** Messages of a recording, texts for old agents left out. */
function recorded(): readonly unknown[] {
  const own = json(new URL("../data/wazuh/response-messages.json", import.meta.url));
  const kept = Array.isArray(own) ? own : [];
  const whole = new URL("../../../shared/oracle/wazuh/active_response.json", import.meta.url);
  if (!existsSync(whole)) {
    console.log("skipped: ../shared/oracle/wazuh is not here, only the messages in test/data are tried");
    return kept;
  }
  const cases = at(json(whole), "cases");
  const all = (Array.isArray(cases) ? cases : []).flatMap((one) => {
    const responses = at(one, "responses");
    return Array.isArray(responses) ? responses.map((response) => at(response, "message")) : [];
  });
  return [...kept, ...all.filter(isRecord)];
}

/** What execd makes of it (docs/reference/wazuh.md#responses-in-wazuh). */
function fromExecd(message: unknown, command: "add" | "delete"): string {
  return JSON.stringify({
    version: 1,
    origin: { name: "node01", module: "wazuh-execd" },
    command,
    parameters: {
      ...(isRecord(at(message, "parameters")) ? Object(at(message, "parameters")) : {}),
      program: "active-response/bin/perimeter-firewall-drop.sh",
    },
  });
}

test("an address is blocked and freed, everything else refused", () => {
  const messages = recorded();
  let blocked = 0;
  for (const message of messages) {
    const srcip = at(message, "parameters", "alert", "data", "srcip");
    const address = typeof srcip === "string" ? parseAddress(srcip) : null;
    const box = sandbox(script);
    try {
      for (const set of ["blocked4", "blocked6"])
        mkdirSync(path.join(box.folder, "nft-tables/ossec_blocked", set), { recursive: true });
      const [shell = []] = shells;
      const input = `${fromExecd(message, "add")}\n{"version":1,"command":"continue"}\n`;
      const { status } = box.run(shell, [], { input });
      assert.is(status, address === null ? 1 : 0, String(srcip));
      const line = box.log().at(-1) ?? "";
      assert.match(line, address === null ? / result=refused reason=no_address$/ : / result=blocked$/);
      if (address === null) continue;
      blocked += 1;
      assert.is(box.run(shell, [], { input: `${fromExecd(message, "delete")}\n` }).status, 0);
      assert.match(box.log().at(-1) ?? "", / result=unblocked$/);
    } finally {
      box.remove();
    }
  }
  assert.ok(blocked > 1 && blocked < messages.length, `${blocked} of ${messages.length}`);
});

test.run();
