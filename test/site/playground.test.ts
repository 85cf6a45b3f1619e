/** The playground in a browser: Debian's Chromium, on a server of its own. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fragmentOf, type SharedState } from "../../site/playground/core/share.js";
import { examples } from "../../site/playground/page/examples.js";
import { accessibilityOf, chromiumPath, differenceFrom } from "../browser.js";
import { scratchFolder } from "../scratch-folder.js";
import { buildPlayground, playgroundFolder, serve, Visitor } from "./served.js";

const playground = suite("playground");

buildPlayground();
const { url: origin, server } = await serve(join(playgroundFolder, ".."));
const address = `${origin}playground/`;
const visitor = new Visitor(chromiumPath ?? "", origin);

/** A test that needs the browser. */
function visiting(name: string, run: () => Promise<void>): void {
  playground(name, async () => {
    if (chromiumPath === null) console.log(`skipped: ${name}: there is no Chromium`);
    else await run();
  });
}

playground.after(async () => {
  await visitor.end();
  server.close();
});

const state: SharedState = {
  ...examples[0].input,
  view: "rules",
  closed: false,
  language: "osregex",
  pattern: "",
  texts: "",
};
const addressOf = async (change: Partial<SharedState>): Promise<string> =>
  `${address}#${await fragmentOf({ ...state, ...change })}`;

const rulesOf = (page: Page): Promise<readonly string[]> =>
  page.locator("#lines tbody tr td.rule").allTextContents();

/** Waits until CodeMirror is there and the lines are answered. */
async function ready(page: Page): Promise<void> {
  await page.locator("#editor-lines .cm-content").waitFor();
  await page.locator("#speed").filter({ hasText: "answered" }).waitFor();
}

const goldens = fileURLToPath(new URL("golden/", import.meta.url));

const brokenRules = `<group name="a,">\n  <rule id="100100" level="5">\n    <match>x</match>\n    <regex>a < b</regex>\n    <description>y</description>\n  </rule>\n  <rule id="100100" level="5">\n`;

const editor = (page: Page, name: string) => page.locator(`#editor-${name} .cm-content`);

playground("weighs at most 600 KB, compressed, without the editor", () => {
  const weights = readdirSync(playgroundFolder)
    .filter((name) => !name.startsWith("code-editor-"))
    .map((name) => gzipSync(readFileSync(join(playgroundFolder, name)), { level: 9 }).length);
  const sum = weights.reduce((all, one) => all + one, 0);
  assert.ok(weights.length > 6);
  assert.ok(sum <= 600_000, `${sum} bytes`);
});

playground("holds nothing of OSSEC's or Wazuh's rule sets", () => {
  for (const name of readdirSync(playgroundFolder))
    assert.not.match(readFileSync(join(playgroundFolder, name), "utf8"), /<rule id="(?:5\d{3}|31\d{3})"/);
});

visiting("a first visit: the example is answered, and nothing is asked of anybody else", async () => {
  const { page, complaints, close } = await visitor.open(address);
  await ready(page);
  const rules = await rulesOf(page);
  assert.is(rules.length, 7);
  assert.match(rules[6] ?? "", /100101 Portal: somebody guesses passwords\. counted lines 2, 3, 4, 6/);
  assert.equal(complaints, []);
  await close();
});

visiting("what is typed is answered; the cursor's line is explained", async () => {
  const { page, complaints, close } = await visitor.open(await addressOf({}));
  await ready(page);
  await editor(page, "lines").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(
    "Jun 11 10:00:36 gate portal[3]: login of user mallory failed from 192.0.2.",
  );
  await page.keyboard.type("9");
  await page.locator("#lines tbody tr").nth(7).waitFor();
  await page.locator("#explanation").filter({ hasText: "mallory" }).waitFor();
  assert.match((await page.locator("#explanation").textContent()) ?? "", /100101.*asks for.*the event has/s);
  await page.locator("#lines tbody tr").nth(6).click();
  await page.locator("#explanation .fires").waitFor();
  assert.match((await page.locator("#explanation .fired").textContent()) ?? "", /^100101/);
  assert.equal(complaints, []);
  await close();
});

visiting("elements are completed as the engine knows them", async () => {
  const { page, complaints, close } = await visitor.open(await addressOf({ rules: "" }));
  await ready(page);
  // The words come with the linter's first look.
  await page.locator("#findings p, #findings li").first().waitFor();
  await editor(page, "rules").click();
  await page.keyboard.type("<if_m");
  const options = page.locator("#editor-rules .cm-tooltip-autocomplete li");
  await options.first().waitFor();
  assert.ok((await options.allTextContents()).includes("if_matched_sid"));
  await page.keyboard.press("Escape");
  assert.equal(complaints, []);
  await close();
});

visiting("a finding leads to its place, and its fix is done", async () => {
  const rules = `<group name="a,">\n  <rule id="100100" level="5">\n    <match>x</match>\n    <regex>a < b</regex>\n    <description>y</description>\n  </rule>\n</group>\n`;
  const { page, complaints, close } = await visitor.open(await addressOf({ rules }));
  await ready(page);
  const fix = page.locator("#findings li", { hasText: "OSSEC-XML" }).locator("button.small");
  await fix.click();
  await page.locator("#editor-rules .cm-line", { hasText: "a \\< b" }).waitFor();
  assert.equal(complaints, []);
  await close();
});

visiting("texts of lines and rules never become markup", async () => {
  const hostile = `<img src=x onerror=alert(1)><script>alert(2)</script>"'&lt;b&gt;\u202e`;
  const { page, complaints, close } = await visitor.open(
    await addressOf({
      decoders: `<decoder name="h"><program_name>^h</program_name></decoder>\n<decoder name="h2"><parent>h</parent><regex>(\\.+)</regex><order>extra_data</order></decoder>`,
      rules: `<group name="a,"><rule id="100100" level="5"><decoded_as>h</decoded_as><match>nothing ${"&lt;b&gt;"}</match><description>&lt;img src=x onerror=alert(3)&gt;</description></rule>\n<rule id="100101" level="7"><decoded_as>h</decoded_as><description>&lt;script&gt;alert(4)&lt;/script&gt;</description></rule></group>`,
      lines: `Jun 11 10:00:00 gate h[1]: ${hostile}\nJun 11 10:00:01 <b>gate</b> h[1]: ${hostile}\n${hostile}`,
    }),
  );
  await ready(page);
  for (const tab of ["#sub-alerts", "#sub-output", "#sub-explanation"]) await page.locator(tab).click();
  await page.locator("#lines tbody tr").nth(1).click();
  await page.locator("#explanation").filter({ hasText: "onerror" }).waitFor();
  await page.locator("#tab-pattern").click();
  await page.locator("#pattern").fill(hostile);
  await page.locator("#pattern-answer .constructs").waitFor();
  assert.is(await page.locator("img:not(.cm-widgetBuffer), main script, b:text-is('gate')").count(), 0);
  assert.equal(complaints, []);
  await close();
});

visiting("patterns: where the engines differ, and what is a trap", async () => {
  const { page, complaints, close } = await visitor.open(
    await addressOf({ view: "pattern", language: "osmatch", pattern: "!foo", texts: "bar" }),
  );
  await page.locator("#pattern-answer").filter({ hasText: "do not agree" }).waitFor();
  assert.equal(await page.locator("#pattern-answer .card h3").allTextContents(), [
    "OSSEC 4.3, OSSEC 3.8, OSSEC 3.7",
    "Wazuh 4",
  ]);
  assert.match((await page.locator("#pattern-answer .constructs").textContent()) ?? "", /meant otherwise/);
  assert.equal(complaints, []);
  await close();
});

visiting("a bundle is played on its conn.log", async () => {
  const { page, complaints, close } = await visitor.open(await addressOf({ view: "bundle" }));
  await page.locator("#emitted details").first().waitFor();
  await page.locator("#play-sample").click();
  await page.locator("#replay-counts").filter({ hasText: "1 notice, 1 alert, 1 block, 1 unblock" }).waitFor();
  assert.equal(await page.locator("#replay-events .kind").allTextContents(), [
    "notice",
    "alert",
    "block",
    "unblock",
  ]);
  await page.locator("#replay-timeline .lane-name").waitFor();
  await page.locator("#replay-timeline .lane-name").click();
  assert.is(await page.locator("#replay-filter").inputValue(), "66.132.172.191");
  assert.match(
    (await page.locator("#emitted").textContent()) ?? "",
    /zeek\/perimeter\/__load__\.zeek.*ossec\/local_rules\.xml.*pf\/pf\.conf/s,
  );
  assert.equal(complaints, []);
  await close();
});

visiting("a link brings back what was shared, and its reload as well", async () => {
  const { page, complaints, close } = await visitor.open(address, {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await ready(page);
  await page.locator("#engine").selectOption("3.7");
  await editor(page, "rules").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("<!-- é𝄞 shared -->");
  await page.locator("#share").click();
  await page.locator("#status").filter({ hasText: "The link is copied" }).waitFor();
  const link = String(await page.evaluate("navigator.clipboard.readText()"));
  assert.ok(link.startsWith(`${address}#v1.`));
  await page.reload();
  await ready(page);
  assert.is(await page.locator("#engine").inputValue(), "3.7");
  const other = await visitor.open(link);
  await ready(other.page);
  assert.is(await other.page.locator("#engine").inputValue(), "3.7");
  assert.match((await editor(other.page, "rules").textContent()) ?? "", /é𝄞 shared/);
  assert.equal([...complaints, ...other.complaints], []);
  await other.close();
  await close();
});

visiting("after the first visit it works without a network", async () => {
  const { page, complaints, close } = await visitor.open(address);
  await ready(page);
  await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
  await page.context().setOffline(true);
  await page.reload();
  await ready(page);
  assert.is((await rulesOf(page)).length, 7);
  await page.locator("#tab-bundle").click();
  await page.locator("#play-sample").click();
  await page.locator("#replay-counts").filter({ hasText: "1 block" }).waitFor();
  assert.equal(complaints, []);
  await close();
});

visiting("everything is reached by keyboard", async () => {
  const { page, complaints, close } = await visitor.open(address);
  await ready(page);
  await page.locator("#tab-rules").focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#view-pattern").isVisible());
  await page.keyboard.press("Home");
  assert.ok(await page.locator("#view-rules").isVisible());
  await page.locator("#lines tr.chosen").focus();
  await page.keyboard.press("ArrowDown");
  await page.locator("#explanation").filter({ hasText: "Line 2: pre-decoding" }).waitFor();
  await page.keyboard.press("End");
  await page.locator("#explanation").filter({ hasText: "Line 7: pre-decoding" }).waitFor();
  // TAB leaves an editor.
  await editor(page, "rules").focus();
  await page.keyboard.press("Tab");
  assert.is(await page.evaluate("document.activeElement.closest('#editor-rules')"), null);
  assert.equal(complaints, []);
  await close();
});

visiting("a rule set from a folder lies below the own rules", async () => {
  const folder = scratchFolder("ruleset");
  mkdirSync(join(folder, "home", "etc"), { recursive: true });
  mkdirSync(join(folder, "home", "rules"), { recursive: true });
  writeFileSync(
    join(folder, "home", "etc", "ossec.conf"),
    "<ossec_config><rules><include>rules_config.xml</include><include>gate_rules.xml</include><include>local_rules.xml</include></rules></ossec_config>",
  );
  writeFileSync(
    join(folder, "home", "etc", "decoder.xml"),
    '<decoder name="gate"><program_name>^gated</program_name></decoder>\n<decoder name="zz"><prematch>^zz</prematch></decoder>',
  );
  writeFileSync(
    join(folder, "home", "rules", "rules_config.xml"),
    '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule></group>',
  );
  writeFileSync(
    join(folder, "home", "rules", "gate_rules.xml"),
    '<group name="gate,"><rule id="700" level="3"><decoded_as>gate</decoded_as><description>The gate speaks.</description></rule></group>',
  );
  const { page, complaints, close } = await visitor.open(
    await addressOf({
      decoders: "",
      rules:
        '<group name="local,"><rule id="100100" level="9"><if_sid>700</if_sid><match>alarm</match><description>Alarm.</description></rule></group>',
      lines: "Jun 11 10:00:00 host gated[1]: hello\nJun 11 10:00:01 host gated[1]: alarm",
    }),
  );
  await ready(page);
  await page.locator("#problems").filter({ hasText: "does not start" }).waitFor();
  await page.locator("#ruleset-folder").setInputFiles(join(folder, "home"));
  await page.locator("#ruleset-state").filter({ hasText: "of OSSEC below your own" }).waitFor();
  await page.locator("#lines").filter({ hasText: "Alarm." }).waitFor();
  const rules = await rulesOf(page);
  assert.match(rules[0] ?? "", /700 The gate speaks\./);
  assert.match(rules[1] ?? "", /100100 Alarm\./);
  assert.equal(complaints, []);
  await close();
});

visiting("a log of 50 MB runs through, line by line", async () => {
  const folder = scratchFolder("log");
  const [good, bad] = [
    "Jun 11 09:58:12 gate portal[311]: login of user carol ok from 192.0.2.7\n",
    "Jun 11 10:00:00 gate portal[311]: login of user dave failed from 192.0.2.8\n",
  ];
  const block = Buffer.from(good.repeat(999) + bad);
  const file = join(folder, "auth.log");
  const times = Math.ceil(50_000_000 / block.length);
  writeFileSync(file, Buffer.concat(Array.from({ length: times }, () => block)));
  const { page, complaints, close } = await visitor.open(await addressOf({}));
  await ready(page);
  await page.locator("#log-file").setInputFiles(file);
  await page.locator("#log").filter({ hasText: "Read 50." }).waitFor({ timeout: 90_000 });
  const text = (await page.locator("#log").textContent()) ?? "";
  assert.match(text, new RegExp(`${(times * 1000).toLocaleString("en")} lines`));
  assert.match(text, new RegExp(`${times.toLocaleString("en")} alerts`));
  assert.equal(complaints, []);
  await close();
});

visiting("a conn.log of 50 MB is replayed against the bundle, row by row", async () => {
  const folder = scratchFolder("conn");
  const recorded = readFileSync("examples/zeek-ossec-pf/cases/port-scan/conn.log", "utf8");
  const header = recorded.slice(0, recorded.indexOf("\n17") + 1);
  const row = (second: number, source: string, port: number, conn: string): string =>
    `${1_781_175_600 + second}.000000\tCK2RiE4TXm67iKXiPk\t${source}\t49004\t162.212.157.188\t${port}\ttcp\t-\t-\t-\t-\t${conn}\tF\tF\t0\tS\t1\t44\t0\t0\t-\t6\n`;
  const parts = [header];
  let size = 0;
  let scans = 0;
  for (let second = 0; size < 50_000_000; second++) {
    const quiet = row(second, "198.51.100.7", 443, "SF").repeat(200);
    const isScan = second % 50 === 49;
    if (isScan) scans += 1;
    const scan = isScan
      ? [1, 2, 3, 4, 5].map((port) => row(second, `66.132.172.${scans}`, port, "S0")).join("")
      : "";
    parts.push(quiet, scan);
    size += quiet.length + scan.length;
  }
  const file = join(folder, "conn.log");
  writeFileSync(file, parts.join(""));
  const { page, complaints, close } = await visitor.open(await addressOf({ view: "bundle" }));
  await page.locator("#emitted details").first().waitFor();
  await page.locator("#play-files").setInputFiles(file);
  await page
    .locator("#replay-progress")
    .filter({ hasText: /Read 50\.\d MB/ })
    .waitFor();
  const counts = (await page.locator("#replay-counts").textContent()) ?? "";
  assert.ok(scans > 20);
  assert.is(counts, `${scans} notices, ${scans} alerts, ${scans} blocks, ${scans} unblocks`);
  assert.equal(complaints, []);
  await close();
});

visiting("it looks as it did when a person looked at it", async () => {
  // Faces of letters differ between systems; boxes, marks and plots do not.
  const style =
    "* { color: transparent !important; text-shadow: none !important; caret-color: transparent !important }";
  for (const colorScheme of ["light", "dark"] as const) {
    // The pictures' own style is none of the page's.
    const { page, close } = await visitor.open(await addressOf({}), { colorScheme, bypassCSP: true });
    await ready(page);
    await page.locator("#findings-count").filter({ hasText: /\d/ }).waitFor();
    await page.locator("#explanation").filter({ hasText: "pre-decoding" }).waitFor();
    const golden = (name: string): string => `${goldens}${name}-${colorScheme}.png`;
    for (const [part, name] of [
      ["#view-rules", "rules"],
      ["#axis", "axis"],
    ] as const) {
      const share = await differenceFrom(golden(name), page, part, style);
      assert.ok(share < 0.03, `${name}, ${colorScheme}: ${share}`);
    }
    await page.locator("#tab-bundle").click();
    await page.locator("#play-sample").click();
    await page.locator("#replay-timeline .lane-name").waitFor();
    const share = await differenceFrom(golden("timeline"), page, "#replay-timeline .lane-plot", style);
    assert.ok(share < 0.03, `timeline, ${colorScheme}: ${share}`);
    await close();
  }
});

visiting(
  "axe-core has nothing against it: dark and light, wide and narrow, where something is wrong",
  async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const options of [
      { colorScheme: "light" as const },
      { colorScheme: "dark" as const, viewport: { width: 390, height: 844 } },
    ]) {
      const { page, close } = await visitor.open(address, options);
      await ready(page);
      await page.locator("#lines tbody tr").nth(3).click();
      await page.locator("#explanation").filter({ hasText: "Nearest miss" }).waitFor();
      assert.equal(await accessibilityOf(page, axe), []);
      await page.locator("#tab-pattern").click();
      await page.locator("#pattern").fill("\\d+.a");
      await page.locator("#pattern-answer .constructs").waitFor();
      assert.equal(await accessibilityOf(page, axe), []);
      await page.locator("#tab-bundle").click();
      await page.locator("#play-sample").click();
      await page.locator("#replay-counts").filter({ hasText: "1 block" }).waitFor();
      assert.equal(await accessibilityOf(page, axe), []);
      // Rules that the engine refuses, findings with fixes, ossec.conf open, a search within the editor, a log that was run.
      // From another page, so that it is loaded: the page that is there writes its own state into the address now and then.
      await page.goto("about:blank");
      await page.goto(await addressOf({ rules: brokenRules, conf: "<ossec_config>" }));
      await page.locator("#problems").filter({ hasText: "does not start" }).waitFor();
      await page.locator("#findings li button.small").first().waitFor();
      await page.locator("#log-file").setInputFiles({
        name: "a.log",
        mimeType: "text/plain",
        buffer: Buffer.from("Jun 11 10:00:00 gate a: b\n"),
      });
      await page.locator("#log").filter({ hasText: "Read " }).waitFor();
      await editor(page, "rules").click();
      await page.keyboard.press("Control+f");
      await page.locator("#editor-rules .cm-search").waitFor();
      assert.equal(await accessibilityOf(page, axe), []);
      await close();
    }
  },
);

playground.run();
