/** What a deploy warns of: hand edits that it overwrites, and lines that only the administrator can write. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compiled, deployTo, type Host, host } from "./host.js";

const toNft = {
  'firewall: pf({ table: "ossec_fwtable" }),': 'firewall: nftables({ table: "perimeter" }),',
  "pf }": "nftables }",
};

async function notes(there: Host, replace: Readonly<Record<string, string>> = {}, code = "deploy/place") {
  const report = await deployTo(there.root, await compiled(replace), { dryRun: true });
  return report.diagnostics
    .filter((one) => one.code === code)
    .map(({ file, line, message, help }) => `${file.slice(there.root.length)}:${line} ${message}; ${help}`);
}

test("nftables.conf has to include the bundle's file, behind flush ruleset", async () => {
  const there = host();
  const [missing] = await notes(there, toNft);
  assert.match(missing ?? "", /^\/etc\/nftables\.conf:1 is not there.*include "\/etc\/nftables\.d\/\*\.nft"/);
  there.write("etc/nftables.conf", "flush ruleset\ntable inet own { }\n");
  const [without] = await notes(there, toNft);
  assert.match(without ?? "", /does not include \/etc\/nftables\.d\/perimeter\.nft/);
  for (const line of [
    'include "/etc/nftables.d/*.nft"',
    'include "nftables.d/perimeter.nft"',
    'include "/etc/nftables.d/p[a-f]rimeter.*"',
  ]) {
    there.write("etc/nftables.conf", `flush ruleset\n${line}\n`);
    assert.equal(await notes(there, toNft), [], line);
  }
  there
    .write("etc/nftables.conf", 'include "/etc/nft/all.nft"\n')
    .write("etc/nft/all.nft", 'include "nftables.d/*"\n');
  assert.equal(await notes(there, toNft), [], "by way of another file");
  there.write("etc/nftables.conf", 'include "/etc/nftables.d/*.nft"\n\nflush ruleset\n');
  const [flushed] = await notes(there, toNft);
  assert.match(flushed ?? "", /^\/etc\/nftables\.conf:3 empties what it included before/);
});

test("a notification whose program is not there, and mail on a host that mails nothing", async () => {
  const there = host();
  const replace = {
    "responses: [":
      'responses: [{ kind: "notify", when: { detection: "Port_Scan_S0_Detected" }, run: ["/usr/local/bin/tell"], webhook: { url: "https://hooks.example.org/x" } }, ',
    'description: "Zeek: stealth scan (5 ports in state S0)"':
      'mail: true, description: "Zeek: stealth scan (5 ports in state S0)"',
  };
  there.write("usr/bin/true", "");
  const found = await notes(there, replace);
  assert.ok(
    found.some((one) => /^\/usr\/bin\/curl:1 is not there, and a notification/.test(one)),
    found.join("\n"),
  );
  assert.ok(
    found.some((one) => /^\/usr\/local\/bin\/tell:1 is not there/.test(one)),
    found.join("\n"),
  );
  assert.ok(
    found.some((one) => /ossec\.conf:1 mails nothing, and "Port_Scan_S0_Detected"/.test(one)),
    found.join("\n"),
  );
  there.write("usr/bin/curl", "").write("usr/local/bin/tell", "");
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  there.write(
    "var/ossec/etc/ossec.conf",
    conf.replace("<global>", "<global><email_notification>yes</email_notification>"),
  );
  assert.equal(
    (await notes(there, replace)).map((one) => one.replace(/, and.*/, "")),
    ["/usr/local/bin/tell:1 cannot be executed"],
  );
});

test("a unit of the bundle's loads the table: nftables.conf need not", async () => {
  const firewall = 'firewall: nftables({ table: "perimeter", systemd: true }),';
  const systemd = { ...toNft, 'firewall: pf({ table: "ossec_fwtable" }),': firewall };
  assert.equal(await notes(host(), systemd), []);
});

test("pf.conf that includes filter rules before the bundle's block", async () => {
  const there = host();
  assert.equal(await notes(there), []);
  there.write("etc/pf.conf", 'set skip on lo\n# more\ninclude "/etc/pf.more"\nblock in log\n');
  assert.match(
    (await notes(there))[0] ?? "",
    /^\/etc\/pf\.conf:3 includes \/etc\/pf\.more .*cannot be read here/,
  );
  there.write("etc/pf.more", "table <x>\n");
  assert.equal(await notes(there), [], "no filter rule");
  there.write("etc/pf.more", 'include "pf.rest"\n').write("etc/pf.rest", "pass in quick proto tcp\n");
  assert.match((await notes(there))[0] ?? "", /tried first: pass in quick proto tcp; move the lines/);
  await deployTo(there.root, await compiled());
  const text = there.read("etc/pf.conf") ?? "";
  const block = /# zopf:begin [\s\S]*# zopf:end \S+\n/.exec(text)?.[0] ?? "";
  there.write("etc/pf.conf", block + text.replace(block, ""));
  assert.equal(await notes(there), [], "moved, as it says");
});

test("hand edits of every file are warned of before they are overwritten, and only they", async () => {
  const bundle = await compiled();
  for (const { target, merge } of bundle.files) {
    const there = host();
    await deployTo(there.root, bundle);
    assert.equal(await notes(there, {}, "deploy/edited"), []);
    const path = target.slice(1);
    const text = there.read(path) ?? "";
    // Of others: no edit of ours.
    if (merge !== "file") {
      there.write(path, `${text}\n`);
      assert.equal(await notes(there, {}, "deploy/edited"), [], target);
    }
    const at = merge === "file" ? text.indexOf("\n") : text.indexOf("\n", text.indexOf("zopf:begin"));
    there.write(path, `${text.slice(0, at + 1)}\n${text.slice(at + 1)}`);
    const [edited, ...more] = await notes(there, {}, "deploy/edited");
    assert.equal(more, []);
    const line = merge === "file" ? 1 : text.slice(0, text.indexOf("zopf:begin")).split("\n").length;
    assert.ok(edited?.startsWith(`${target}:${line} `), `${target}: ${edited}`);
    assert.match(edited ?? "", /was changed since it was deployed; a deploy replaces it/);
    // A newer version of the bundle overwrites it all the same, and says so.
    assert.is((await notes(there, { "threshold: 5": "threshold: 6" }, "deploy/edited")).length, 1, target);
  }
});

test.run();
