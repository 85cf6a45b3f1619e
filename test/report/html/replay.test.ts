import "../../seed.js";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../../src/compiler/compile.js";
import type { Model } from "../../../src/model/model.js";
import { replay } from "../../../src/replay/replay.js";
import type { TimelineEvent } from "../../../src/replay/timeline.js";
import { withRows } from "../../../src/report/html/event-rows.js";
import { replayHtml } from "../../../src/report/html/replay.js";
import { ReplayCollector } from "../../../src/report/html/replay-collector.js";
import type { ReplayData } from "../../../src/report/html/replay-data.js";
import { shownSecond } from "../../../src/report/html/table.js";
import { accessibilityOf, cellsOf, chromiumPath, differenceFrom, TestBrowser } from "../../browser.js";
import { hostileText, hostileTexts } from "./hostile.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const goldens = fileURLToPath(new URL("golden/", import.meta.url));
const example = "examples/zeek-ossec-pf";

const compiled = await compileBundles([`${example}/perimeter.zopf.ts`], {
  show: (path) => path,
  cache: true,
});
const [bundle] = compiled.bundles;
if (bundle === undefined) throw new Error("the example does not compile");
const { model } = bundle;

/** The page's data for the example's own case. */
async function played(): Promise<{ readonly data: ReplayData; readonly events: readonly TimelineEvent[] }> {
  const collector = new ReplayCollector(model);
  const events: TimelineEvent[] = [];
  const outcome = await replay(
    {
      model,
      files: bundle?.files ?? [],
      zeek: [`${example}/cases/port-scan/conn.log`],
      syslog: [],
      ossec: null,
      engine: null,
      year: null,
      reorder: null,
      timeZone: "UTC",
      nearMisses: true,
      why: true,
      show: (path) => path,
    },
    (event) => {
      events.push(event);
      collector.see(event);
    },
  );
  return { data: await withRows(collector.data(outcome, outcome.why)), events };
}

const page = (data: ReplayData, bundleName = `${example}/perimeter.zopf.ts`): string =>
  replayHtml({ of: "replay", bundle: bundleName, data, isPartial: false, diagnostics: [] });

/** Sources that scan and are blocked, one after the other, and one that is refused. */
function scans(of: Model, count: number, text = "scans"): ReplayData {
  const collector = new ReplayCollector(of);
  const detection = of.detections[0]?.name ?? null;
  const ends: TimelineEvent[] = [];
  for (let index = 0; index < count; index++) {
    const source = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    const time = 1_781_000_000 + index * 7;
    while (ends[0] !== undefined && ends[0].time < time) {
      const [end] = ends.splice(0, 1);
      if (end !== undefined) collector.see(end);
    }
    const at = { time, detection, source, file: "conn.log", lineNumber: index + 9 };
    const call = { rule: 100_500, table: "t", command: ["add", "-", source, text] };
    collector.see({
      ...at,
      kind: "notice",
      note: "P::S",
      message: `${text} ${index}`,
      line: `${text} line ${index}`,
    });
    collector.see({
      ...at,
      kind: "alert",
      rule: 100_500,
      level: 6,
      description: text,
      line: `${text} line ${index}`,
    });
    if (index % 50 === 49) collector.see({ ...at, kind: "refused", rule: 100_500, reason: text });
    else {
      collector.see({ ...at, kind: "block", until: time + 600, ...call });
      ends.push({ ...at, time: time + 600, kind: "unblock", ...call });
    }
  }
  for (const end of ends) collector.see(end);
  return collector.data({ nearMisses: [], nearMissesLeftOut: [], summaries: [] }, []);
}

/** The page without its style and script, which are zopf's own. */
const withoutAssets = (text: string): string =>
  text.replace(/<style>.*?<\/style>/s, "").replace(/<script>.*?<\/script>/s, "");
const tagsOf = (text: string): readonly string[] => withoutAssets(text).match(/<[^>]*>?/g) ?? [];

/** The same data with every text of an event replaced. */
function withTexts(data: ReplayData, texts: readonly string[]): ReplayData {
  let next = 0;
  const text = (): string => texts[next++ % texts.length] ?? "";
  return {
    ...data,
    events: data.events.map((event): ReplayData["events"][number] => {
      const own = { ...event, source: text(), detection: text(), file: text() };
      const row = own.row === undefined ? {} : { row: { ...own.row, text: text() } };
      if (own.kind === "notice") return { ...own, note: text(), message: text(), line: text(), ...row };
      if (own.kind === "alert") return { ...own, description: text(), line: text() };
      if (own.kind === "refused") return { ...own, reason: text() };
      return { ...own, command: [text()] };
    }),
    rowColumns: data.rowColumns.map((one) => ({ ...one, names: one.names.map(text) })),
    sources: data.sources.map((one) => ({ ...one, source: text() })),
    detections: data.detections.map((one) => ({
      ...one,
      detection: text(),
      message: text(),
      help: text(),
      steps: one.steps.map((step) => ({ ...step, label: text(), example: text() })),
    })),
    nearMisses: data.nearMisses.map((one) => ({ ...one, source: text(), detection: text() })),
    occupancy: data.occupancy.map((one) => ({ ...one, table: text() })),
  };
}

const own = await played();

test("nothing of a log becomes markup: whatever the texts are, the page has the same tags", () => {
  const harmless = tagsOf(page(withTexts(own.data, ["x"]), "x"));
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1, maxLength: 9 }), hostileText, (texts, name) => {
      assert.equal(tagsOf(page(withTexts(own.data, texts), name)), harmless);
    }),
    { numRuns: 100 },
  );
});

test("the same events make the same bytes", async () => {
  assert.is(page((await played()).data), page(own.data));
});

test("the page weighs less than 250 KB without its data", () => {
  const empty = page(scans(model, 0));
  assert.ok(empty.length < 250_000, String(empty.length));
});

test("the policy forbids every request", () => {
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page(own.data)) ?? [];
  assert.match(
    policy,
    /^default-src &#39;none&#39;; script-src &#39;sha256-[\w+/=]+&#39;; style-src &#39;sha256-[\w+/=]+&#39;;/,
  );
});

test("more events than fit make a page of bounded size, which says what is missing", () => {
  const collector = new ReplayCollector(model);
  for (let index = 0; index < 300_000; index++)
    collector.see({
      kind: "notice",
      time: 1_781_000_000 + index,
      detection: "Scan",
      source: `source ${index % 50_000}`,
      file: null,
      lineNumber: null,
      note: "P::Scan",
      message: `${index}`,
      line: "x".repeat(200),
    });
  const data = collector.data({ nearMisses: [], nearMissesLeftOut: [], summaries: [] }, []);
  const text = page(data);
  assert.ok(text.length < 24e6, String(text.length));
  assert.is(data.events.length + data.eventsLeftOut, 300_000);
  assert.is(data.sources.length, 10_000);
  assert.match(text, /and 40,000 more that share the last line/);
  assert.match(text, /events are counted and not drawn/);
});

test("rows that do not fit, or cannot be read twice, are counted, and those behind blocks come first", async () => {
  const rows = ({ events }: ReplayData): readonly string[] => events.flatMap(({ row }) => row?.text ?? []);
  assert.is(own.data.rowsLeftOut, 0);
  const [row = ""] = rows(own.data);
  assert.match(row, /^1781175600\.392615\t/);
  const bare: ReplayData = { ...own.data, events: own.data.events.map(({ row: _, ...event }) => event) };
  const none = await withRows(bare, undefined, { texts: 1, reading: 1e9 });
  assert.is(none.rowsLeftOut, 1);
  assert.match(page(none), /Of 1 notice the row of the log is named and not in this page/);
  const unread = await withRows(bare, undefined, { texts: 1e9, reading: 10 });
  assert.is(unread.rowsLeftOut, 1);
  // None of these files is there.
  assert.is((await withRows(scans(model, 3))).rowsLeftOut, 3);
  const [notice] = bare.events;
  assert.ok(notice?.kind === "notice");
  const two: ReplayData = {
    ...own.data,
    events: [
      { ...notice, lineNumber: 12 },
      ...bare.events.map((event) =>
        event.cause === undefined ? event : { ...event, cause: event.cause + 1 },
      ),
    ],
  };
  const fitsOne = await withRows(two, undefined, { texts: row.length, reading: 1e9 });
  assert.equal(rows(fitsOne), [row]);
});

if (chromiumPath === null) console.log("no Chromium here: what a browser makes of the page is skipped");
else {
  const browser = new TestBrowser(chromiumPath);
  test.after(() => browser.end());

  test("the page shows what JSON says, asks for nothing and complains of nothing", async () => {
    const { page: shown, complaints, close } = await browser.open(page(own.data));
    const blocks = own.events.flatMap((event) => (event.kind === "block" ? [event] : []));
    assert.ok(blocks.length > 0);
    const rows = await cellsOf(shown, "blocked");
    assert.equal(
      rows.map(([source, at, until]) => [source, at, until]),
      blocks.map(({ source, time, until }) => [source, shownSecond(time), shownSecond(until ?? 0)]),
    );
    assert.is((await cellsOf(shown, "events")).length, Math.min(25, own.events.length));
    assert.is(
      await shown.locator(".tiles li").first().innerText(),
      `${own.data.totals.blockedSources}\nsources blocked`,
    );
    assert.equal(complaints, []);
    await close();
  });

  test("a request from within the page is refused by its policy", async () => {
    const { page: shown, close } = await browser.open(page(own.data));
    const blocked = await shown.evaluate(
      "new Promise((done) => { addEventListener('securitypolicyviolation', ({ effectiveDirective }) => done(effectiveDirective)); const one = new Image(); one.src = 'http://192.0.2.1/x.png'; document.body.append(one); })",
    );
    assert.is(blocked, "img-src");
    await close();
  });

  test("hostile texts are shown as they are, and nothing of them runs", async () => {
    const data = withTexts(own.data, hostileTexts);
    const { page: shown, complaints, close } = await browser.open(page(data, hostileTexts[0]));
    assert.is(await shown.locator("script").count(), 2);
    assert.is(await shown.locator("img, iframe, object, embed, link, form, svg").count(), 0);
    await shown.locator('[data-table="events"] .link').first().click();
    assert.ok(await shown.locator(".drawer").isVisible());
    const text = await shown.locator("body").innerText();
    assert.ok(text.includes("<script>pwned()</script>"));
    assert.ok(text.includes("\\u202egpj.exe"));
    assert.not.match(text, /[\u202a-\u202e\u2066-\u2069\u200b]/);
    assert.equal(complaints, []);
    await close();
  });

  test("a click and the keyboard lead from a block to its row, notice line, rule and command", async () => {
    const { page: shown, complaints, close } = await browser.open(page(own.data));
    await shown.locator('[data-table="blocked"] .link').first().focus();
    await shown.keyboard.press("Enter");
    const drawer = await shown.locator(".drawer").innerText();
    const [notice] = own.events;
    assert.ok(notice?.kind === "notice");
    const fields = "id.resp_p 1010\nproto tcp\nconn_state S0";
    for (const text of ["conn.log:13", fields, notice.line, "100500", "add - "])
      assert.ok(drawer.includes(text), text);
    await shown.keyboard.press("Escape");
    assert.not.ok(await shown.locator(".drawer").isVisible());
    assert.is(await shown.evaluate("document.activeElement.className"), "link");
    await shown.locator(".lanes").focus();
    await shown.keyboard.press("n");
    await shown.keyboard.press("Enter");
    assert.ok(await shown.locator(".drawer").isVisible());
    assert.equal(complaints, []);
    await close();
  });

  test("tables sort and filter, the timeline's zoom narrows the events", async () => {
    const { page: shown, complaints, close } = await browser.open(page(scans(model, 200)));
    const when = shown.locator('[data-table="events"] th .sort').first();
    await when.click();
    await when.click();
    const [last] = await cellsOf(shown, "events");
    assert.is(last?.[1], "unblocked");
    assert.is(
      await shown.locator('[data-table="events"] th').first().getAttribute("aria-sort"),
      "descending",
    );
    await shown.locator('[data-table="events"] select').first().selectOption("refused");
    assert.is((await cellsOf(shown, "events")).length, 4);
    await shown.locator('[data-table="events"] input').fill("10.0.0.99");
    assert.is((await cellsOf(shown, "events")).length, 1);
    await shown.locator('[data-table="events"] input').fill("");
    await shown.locator(".lanes").focus();
    await shown.keyboard.press("+");
    assert.match(await shown.locator('[data-table="events"] .chip').innerText(), /^Only 2026-/);
    const count = await shown.locator('[data-table="events"] .count').innerText();
    assert.match(count, /^[0-3] of /);
    await shown.keyboard.press("0");
    assert.is(await shown.locator('[data-table="events"] .chip').count(), 0);
    assert.equal(complaints, []);
    await close();
  });

  test("a hover names the event, a drag zooms", async () => {
    const { page: shown, close } = await browser.open(page(scans(model, 20)));
    const plot = shown.locator(".lane-plot .u-over");
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    assert.ok(box !== null);
    await shown.keyboard.press("Home");
    await plot.scrollIntoViewIfNeeded();
    const place = await plot.boundingBox();
    assert.ok(place !== null);
    await shown.mouse.move(place.x + place.width / 2, place.y + 10);
    assert.match(
      await shown.locator(".tip").innerText(),
      /^10\.0\.0\.0 2026-\d\d-\d\d .* UTC \(10 min\)\n+blocked: for 10 min.*\n+rule 100500, conn\.log:9\n+scans line 0$/,
    );
    await shown.mouse.move(place.x + 100, place.y + 30);
    await shown.mouse.down();
    await shown.mouse.move(place.x + 300, place.y + 30, { steps: 4 });
    await shown.mouse.up();
    assert.is(await shown.locator('[data-table="events"] .chip').count(), 1);
    await close();
  });

  test("ten thousand sources have lanes that scroll", async () => {
    const { page: shown, complaints, close } = await browser.open(page(scans(model, 10_000)));
    assert.is(await shown.locator(".lane-name").first().innerText(), "10.0.0.0");
    await shown.locator(".lanes").evaluate((lanes) => {
      lanes.scrollTop = lanes.scrollHeight;
    });
    // The page's policy forbids the evaluation in the page that waiting for a function would need.
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await shown.locator(".lane-name").first().textContent()) !== "10.0.0.0") break;
      await shown.waitForTimeout(50);
    }
    assert.is.not(await shown.locator(".lane-name").first().textContent(), "10.0.0.0");
    assert.ok((await shown.locator(".lane-name").count()) < 30);
    assert.equal(complaints, []);
    await close();
  });

  test("without scripts everything is there as tables", async () => {
    const { page: shown, complaints, close } = await browser.open(page(own.data), { scripts: false });
    assert.is((await cellsOf(shown, "events")).length, own.events.length);
    assert.ok((await cellsOf(shown, "blocked")).length > 0);
    assert.not.ok(await shown.locator('[data-chart="timeline"]').isVisible());
    assert.equal(complaints, []);
    await close();
  });

  test("on paper the tables are whole and the controls are gone", async () => {
    const { page: shown, close } = await browser.open(page(scans(model, 100)));
    await shown.emulateMedia({ media: "print" });
    await shown.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.is((await cellsOf(shown, "blocked")).length, 98);
    assert.not.ok(await shown.locator(".controls").first().isVisible());
    assert.ok((await shown.pdf()).length > 20_000);
    await close();
  });

  test("the timeline and the blocks at a time look as they did when a person looked at them", async () => {
    for (const dark of [false, true]) {
      const { page: shown, close } = await browser.open(page(scans(model, 60)), { dark });
      const name = dark ? "dark" : "light";
      for (const [part, what] of [
        [".lane-plot .u-over", "timeline"],
        ['[data-chart="occupancy"] .u-over', "occupancy"],
      ] as const) {
        await shown.locator(part).scrollIntoViewIfNeeded();
        const share = await differenceFrom(`${goldens}${what}-${name}.png`, shown, part);
        assert.ok(share < 0.02, `${what}, ${name}: ${share}`);
      }
      await close();
    }
  });

  test("axe-core finds nothing, light and dark", async () => {
    const { page: shown, close } = await browser.open(page(own.data));
    assert.equal(await accessibilityOf(shown, axe), []);
    await shown.emulateMedia({ colorScheme: "dark" });
    await shown.locator('[data-table="blocked"] .link').first().click();
    assert.equal(await accessibilityOf(shown, axe), []);
    await close();
  });
}

test.run();
