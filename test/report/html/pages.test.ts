/** The pages of tune, test, lint and diff, each with harmless and with hostile texts. */
import "../../seed.js";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Observed, TestReport } from "../../../src/cases/run.js";
import type { Finding } from "../../../src/lint/finding.js";
import { type LintResult, lintFiles } from "../../../src/lint/lint.js";
import type { TimelineEvent } from "../../../src/replay/timeline.js";
import type { DiffResult } from "../../../src/report/diff.js";
import { diffHtml, hunksOf } from "../../../src/report/html/diff.js";
import { importHtml } from "../../../src/report/html/import.js";
import { lintHtml } from "../../../src/report/html/lint.js";
import { testCases, testHtml } from "../../../src/report/html/test.js";
import { tuneHtml } from "../../../src/report/html/tune.js";
import type { TunedDetection } from "../../../src/tune/tune.js";
import { accessibilityOf, cellsOf, chromiumPath, differenceFrom, TestBrowser } from "../../browser.js";
import { importResult } from "../import-result.js";
import { hostileText, hostileTexts } from "./hostile.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const goldens = fileURLToPath(new URL("golden/", import.meta.url));

type Text = () => string;

function tunePage(text: Text, own = 5): string {
  const detection: TunedDetection = {
    detection: text(),
    blocks: true,
    own: { threshold: own, window: 60 },
    counted: 1000,
    settings: [60, 300].flatMap((window) =>
      [3, 4, 5, 6].map((threshold) => ({
        window,
        threshold,
        noticed: (40 - threshold * 5) * (window / 60),
        blocked: (38 - threshold * 5) * (window / 60),
        knownGood: threshold < 5 ? [text()] : [],
        knownBad: [text(), text()],
        against: {
          added: { count: threshold < 5 ? 7 : 0, some: threshold < 5 ? [text(), text(), text()] : [] },
          lost: { count: threshold > 5 ? 1 : 0, some: threshold > 5 ? [text()] : [] },
        },
      })),
    ),
  };
  return tuneHtml({ bundle: text(), detections: [detection], why: [], isPartial: false, diagnostics: [] });
}

function testPage(text: Text): string {
  const source = text();
  const at = { time: 1_781_000_000, detection: text(), source, file: text(), lineNumber: 3 };
  const seen: readonly TimelineEvent[] = [
    { ...at, kind: "notice", note: text(), message: text(), line: text() },
    { ...at, kind: "alert", rule: 100, level: 6, description: text(), line: text() },
  ];
  const failed = { bundle: text(), case: text() };
  const report: TestReport = {
    cases: [
      {
        ...failed,
        status: "failed",
        failures: [{ expected: text(), seen: text(), lines: [{ file: text(), line: 4 }] }],
      },
      { bundle: text(), case: text(), status: "passed", failures: [] },
    ],
    diagnostics: [
      { code: "c", severity: "warning", message: text(), help: text(), file: "f", line: 1, column: 1 },
    ],
  };
  const observed: Observed = {
    path: "",
    ...failed,
    file: {
      description: text(),
      expect: { blocks: [{ source, from: 1_781_000_060, until: 1_781_000_120 }] },
    },
    seen,
    failed: true,
  };
  return testHtml(report, testCases(report, [observed]));
}

function lintPage(text: Text): string {
  const finding: Finding = {
    code: "OSSEC-UNANCHORED-PREMATCH",
    severity: "warning",
    effect: "dangerous",
    message: text(),
    help: text(),
    file: text(),
    line: 2,
    column: 3,
    endLine: 2,
    endColumn: 9,
  };
  const result: LintResult = {
    findings: [finding, { ...finding, effect: "style", code: text(), line: 1 }],
    units: [],
    placed: [],
    summary: { refused: 0, dead: 0, dangerous: 1, misread: 0, style: 1, files: 1 },
    leftOut: { stock: 3, notes: 0, baseline: 0 },
    diagnostics: [],
    sources: [
      {
        file: finding.file,
        text: `first line\n${Buffer.from(text(), "utf8")
          .toString("latin1")
          .replaceAll(/[\r\n]/g, " ")}  \nlast`,
      },
    ],
    coverage: {
      lines: 4,
      things: [{ kind: "decoder", name: text(), file: text(), line: 1, matched: 2, reported: 0 }],
      undecoded: [{ file: text(), line: 1, text: text() }],
      neverReported: [],
      lost: [],
      lostLines: 4,
    },
  };
  return lintHtml(result, []);
}

function diffPage(text: Text): string {
  const line = (): string => text().replaceAll(/[\r\n]/g, " ");
  const one = { kind: "change", what: "rule", id: text(), file: text(), strengthens: false } as const;
  const result: DiffResult = {
    reports: [
      {
        bundle: text(),
        host: text(),
        changes: [
          { ...one, summary: "an unimportant one", weakens: false, security: false },
          {
            ...one,
            summary: text(),
            weakens: true,
            security: true,
            patch: `--- a\n+++ b\n@@ -1,2 +1,3 @@\n same ${line()}\n-gone ${line()}\n+new ${line()}\n+new ${line()}\n`,
          },
        ],
        unmanaged: [{ what: "rule", id: text(), file: text() }],
        behaviour: { nowBlocked: [text()], noLongerBlocked: [], alertsBefore: 3, alertsAfter: 1234 },
        diagnostics: [],
      },
    ],
    diagnostics: [],
  };
  return diffHtml(result);
}

function importPage(text: Text): string {
  return importHtml(importResult(text), { paths: [text()], into: text(), home: text(), check: false });
}

const pages = { tune: tunePage, test: testPage, lint: lintPage, diff: diffPage, import: importPage };

/** Hands out texts, one after the other. */
function taking(texts: readonly string[]): Text {
  let next = 0;
  return () => texts[next++ % texts.length] ?? "";
}

const tagsOf = (text: string): readonly string[] =>
  text
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<script>.*?<\/script>/s, "")
    .match(/<[^>]*>?/g)
    // The one place where a text is the name of a part: a rule's code, in its own link.
    ?.map((tag) => tag.replace(/href="#rule-[^"]*"/, "")) ?? [];

for (const [kind, page] of Object.entries(pages)) {
  test(`${kind}: nothing of a text becomes markup`, () => {
    const harmless = tagsOf(page(taking(["x"])));
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 7 }), (texts) => {
        assert.equal(tagsOf(page(taking(texts))), harmless);
      }),
      { numRuns: 100 },
    );
  });

  test(`${kind}: the same input makes the same bytes`, () => {
    assert.is(page(taking(["a", "b"])), page(taking(["a", "b"])));
  });
}

test("a unified diff becomes pairs: what goes beside what comes", () => {
  const hunks = hunksOf(
    "--- a\n+++ b\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2.5\n three\n\\ No newline at end of file\n@@ -9 +10 @@\n-x\n",
  );
  assert.equal(
    hunks.map((pairs) =>
      pairs.map(({ before, after }) => [
        before?.number ?? null,
        before?.text ?? null,
        after?.number ?? null,
        after?.text ?? null,
      ]),
    ),
    [
      [
        [1, "one", 1, "one"],
        [2, "two", 2, "2"],
        [null, null, 3, "2.5"],
        [3, "three", 4, "three"],
      ],
      [[9, "x", null, null]],
    ],
  );
});

test("what weakens the defence comes first", () => {
  const page = diffPage(taking(["the weaker one"]));
  assert.ok(page.indexOf("the weaker one</td>") < page.indexOf("an unimportant one</td>"));
});

if (chromiumPath === null) console.log("no Chromium here: what a browser makes of the pages is skipped");
else {
  const browser = new TestBrowser(chromiumPath);
  test.after(() => browser.end());

  for (const [kind, page] of Object.entries(pages)) {
    test(`${kind}: no request, no complaint, nothing for axe-core, light and dark`, async () => {
      const { page: shown, complaints, close } = await browser.open(page(taking(["one", "two", "three"])));
      assert.equal(await accessibilityOf(shown, axe), []);
      await shown.emulateMedia({ colorScheme: "dark" });
      assert.equal(await accessibilityOf(shown, axe), []);
      assert.equal(complaints, []);
      await close();
    });

    test(`${kind}: hostile texts are shown, and nothing of them runs`, async () => {
      const { page: shown, complaints, close } = await browser.open(page(taking(hostileTexts)));
      assert.is(await shown.locator("script").count(), 2);
      assert.is(await shown.locator("img, iframe, object, embed, link, form, svg").count(), 0);
      assert.not.match(await shown.locator("body").innerText(), /[\u202a-\u202e\u2066-\u2069\u200b]/);
      assert.equal(complaints, []);
      await close();
    });

    test(`${kind}: without scripts there are tables, on paper no controls`, async () => {
      const {
        page: shown,
        complaints,
        close,
      } = await browser.open(page(taking(["one", "two"])), { scripts: false });
      assert.ok((await shown.locator("tbody tr").count()) > 1);
      assert.is(await shown.locator("canvas").count(), 0);
      assert.equal(complaints, []);
      await close();
      const printed = await browser.open(page(taking(["one", "two"])));
      await printed.page.emulateMedia({ media: "print" });
      assert.is(await printed.page.locator(".controls:visible").count(), 0);
      assert.ok((await printed.page.pdf()).length > 5000);
      await printed.close();
    });
  }

  test("tune: the numbers are those of the settings, the keyboard says what a change would do", async () => {
    const {
      page: shown,
      complaints,
      close,
    } = await browser.open(tunePage(taking(["192.0.2.1", "192.0.2.2"])));
    const rows = await cellsOf(shown, "settings-0");
    assert.equal(
      rows.map(([window, threshold, blocked]) => [window, threshold, blocked]),
      [
        ["1 min", "3", "23"],
        ["1 min", "4", "18"],
        ["1 min", "5", "13"],
        ["1 min", "6", "8"],
        ["5 min", "3", "115"],
        ["5 min", "4", "90"],
        ["5 min", "5", "65"],
        ["5 min", "6", "40"],
      ],
    );
    const facts = shown.locator(".facts");
    assert.match(await facts.innerText(), /^threshold 5 in 1 min: 13 sources blocked, as the bundle has it/);
    await shown.locator('[data-chart="tune"] [role="application"]').focus();
    await shown.keyboard.press("ArrowLeft");
    assert.match(
      await facts.innerText(),
      /^threshold 4 in 1 min: 18 sources blocked\n+More than now: 7 sources: .*, and 4 more\n+Known good, blocked: /,
    );
    await shown.keyboard.press("ArrowUp");
    assert.match(await facts.innerText(), /^threshold 4 in 5 min: 90 sources/);
    assert.equal(complaints, []);
    await close();
  });

  test("tune: the plot looks as it did when a person looked at it", async () => {
    const { page: shown, close } = await browser.open(tunePage(taking(["192.0.2.1"])));
    const part = '[data-chart="tune"] .u-over';
    await shown.locator(part).scrollIntoViewIfNeeded();
    const share = await differenceFrom(`${goldens}tune-light.png`, shown, part);
    assert.ok(share < 0.02, String(share));
    await close();
  });

  test("test: an expectation that does not hold stands on the axis of time", async () => {
    const { page: shown, close } = await browser.open(testPage(taking(["a source"])));
    assert.match(await shown.locator(".legend").innerText(), /expected and not seen so/);
    await shown.locator(".lanes").focus();
    for (const _ of "123") await shown.keyboard.press("n");
    assert.match(await shown.locator(".tip").innerText(), /expected: at least 1 block with source a source/);
    await close();
  });

  test("lint: effects can be hidden, a rule's page opens in its place", async () => {
    const { page: shown, close } = await browser.open(lintPage(taking(["text"])));
    assert.is(await shown.locator("article:visible").count(), 2);
    await shown.locator("[data-effects] input").last().uncheck();
    assert.is(await shown.locator("article:visible").count(), 1);
    const rule = shown.locator("#rule-OSSEC-UNANCHORED-PREMATCH");
    assert.not.ok(await rule.isVisible());
    await shown.locator("article a").first().click();
    await rule.waitFor({ state: "visible" });
    await close();
  });

  test("lint: what is marked in the source is what the finding is about", async () => {
    const text =
      '<group name="x,">\n  <rule id="100001" level="3">\n    <match>!a</match>\n    <description>d</description>\n  </rule>\n</group>\n';
    const result = lintFiles([{ path: "local_rules.xml", kind: "rules", bytes: Buffer.from(text) }], {
      engine: "4.3",
      dialect: "ossec",
      closed: false,
      order: null,
      glob: null,
    });
    assert.ok(result.findings.length > 0);
    const { page: shown, close } = await browser.open(lintHtml(result, []));
    const marks = await shown.locator("article mark").allInnerTexts();
    assert.equal(
      marks,
      result.findings.map(({ line, column, endColumn = column + 1 }) =>
        text.split("\n")[line - 1]?.slice(column - 1, endColumn - 1),
      ),
    );
    await close();
  });
}

test.run();
