import "../seed.js";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LintResult } from "../../src/lint/lint.js";
import type { DiffResult } from "../../src/report/diff.js";
import type { ReplayData } from "../../src/report/html/replay-data.js";
import { diffMarkdown } from "../../src/report/markdown/diff.js";
import { importMarkdown } from "../../src/report/markdown/import.js";
import { lintMarkdown } from "../../src/report/markdown/lint.js";
import { replayMarkdown } from "../../src/report/markdown/replay.js";
import { testMarkdown } from "../../src/report/markdown/test.js";
import { fenced, lineCode, lineText } from "../../src/report/markdown/text.js";
import { tuneMarkdown } from "../../src/report/markdown/tune.js";
import { hostileText } from "./html/hostile.js";
import { importResult } from "./import-result.js";

/** As those who show comments do: HTML stands, and what looks like an address becomes a link. */
const renderer = new MarkdownIt({ html: true, linkify: true });
const tagsOf = (markdown: string): readonly string[] => renderer.render(markdown).match(/<[^>]*>?/g) ?? [];

test("harmless texts stay readable, others are code", () => {
  assert.is(lineText("a scan of 5 ports (no answer)"), "a scan of 5 ports (no answer)");
  assert.is(lineText("Port_Scan"), "`Port_Scan`");
  assert.is(lineText("see http://example.org"), "`see http://example.org`");
  assert.is(lineText("- item\nsecond line"), "`- item second line`");
  assert.is(lineCode("a|b `c` \\|"), "``a\\|b `c` \\\\x7c``");
  assert.is(lineText(""), "");
});

test("in a cell of a table a text is one text, whatever it is", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      const table = `| a | b |\n| --- | --- |\n| ${lineText(one)} | ${lineCode(other)} |\n`;
      assert.equal(
        tagsOf(table).filter((tag) => !/^<\/?code>$/.test(tag)),
        tagsOf("| a | b |\n| --- | --- |\n| x | y |\n"),
      );
    }),
    { numRuns: 2000 },
  );
});

test("nothing ends a block of code", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      assert.equal(tagsOf(`${fenced(text, "text")}\nend`), [
        "<pre>",
        '<code class="language-text">',
        "</code>",
        "</pre>",
        "<p>",
        "</p>",
      ]);
    }),
    { numRuns: 1000 },
  );
});

type Text = () => string;

function replayed(text: Text): string {
  const at = { time: 1_781_000_000, detection: text(), source: text(), file: text(), lineNumber: 3 };
  const data: ReplayData = {
    kind: "replay",
    blocks: true,
    totals: { notices: 1, alerts: 1, blocks: 1, unblocks: 0, refused: 1, blockedSources: 1 },
    events: [
      { ...at, kind: "alert", rule: 1, level: 6, description: text(), line: text() },
      { ...at, kind: "block", rule: 1, until: null, table: text(), command: [text()], cause: 0 },
      { ...at, kind: "refused", rule: 1, reason: text(), cause: 0 },
    ],
    eventsLeftOut: 0,
    rowColumns: [],
    rowsLeftOut: 0,
    sources: [
      {
        source: text(),
        notices: 1,
        alerts: 1,
        blocks: 1,
        unblocks: 0,
        refused: 1,
        first: 1,
        last: 2,
        leftOut: 0,
      },
    ],
    moreSources: 0,
    occupancy: [],
    detections: [
      {
        detection: text(),
        notices: 0,
        alerts: 0,
        blocks: 0,
        refused: 0,
        cause: "condition",
        message: text(),
        help: text(),
        isSilent: true,
        of: null,
        steps: [],
      },
    ],
    nearMisses: [{ detection: text(), source: text(), count: 4, threshold: 5, time: 1 }],
    nearMissesLeftOut: 0,
  };
  return replayMarkdown("replay", text(), data, true);
}

function tuned(text: Text): string {
  const setting = { threshold: 3, window: 60, noticed: 2, blocked: 1, knownGood: [text()], knownBad: null };
  const some = { count: 1, some: [text()] };
  return tuneMarkdown(
    text(),
    [
      {
        detection: text(),
        blocks: true,
        own: { threshold: 3, window: 60 },
        counted: 4,
        settings: [{ ...setting, against: { added: some, lost: some } }],
      },
    ],
    [],
  );
}

function tested(text: Text): string {
  return testMarkdown({
    cases: [
      {
        bundle: text(),
        case: text(),
        status: "failed",
        failures: [{ expected: text(), seen: text(), lines: [{ file: text(), line: 3 }] }],
      },
    ],
    diagnostics: [],
  });
}

function linted(text: Text): string {
  const result: LintResult = {
    findings: [
      {
        code: text(),
        severity: "error",
        effect: "dead",
        message: text(),
        help: text(),
        file: text(),
        line: 1,
        column: 1,
      },
    ],
    units: [],
    placed: [],
    summary: { refused: 0, dead: 1, dangerous: 0, misread: 0, style: 0, files: 1 },
    leftOut: { stock: 0, notes: 0, baseline: 0 },
    diagnostics: [],
    sources: [],
    coverage: null,
  };
  return lintMarkdown(result);
}

function compared(text: Text): string {
  const result: DiffResult = {
    reports: [
      {
        bundle: text(),
        host: null,
        changes: [
          {
            kind: "change",
            what: "rule",
            id: "1",
            file: text(),
            summary: text(),
            weakens: true,
            strengthens: false,
            security: true,
            patch: text(),
          },
        ],
        unmanaged: [],
        behaviour: { nowBlocked: [text()], noLongerBlocked: [], alertsBefore: 1, alertsAfter: 2 },
        diagnostics: [],
      },
    ],
    diagnostics: [],
  };
  return diffMarkdown(result);
}

function imported(text: Text): string {
  return importMarkdown(importResult(text), { paths: [text()], into: text(), home: text(), check: false });
}

/** A text of nothing is an empty cell, and a cell has its code or not: neither is markup of the text. */
const ofText = (tag: string): boolean => !/^<\/?code>$/.test(tag);

for (const [kind, page] of Object.entries({ replayed, tuned, tested, linted, compared, imported }))
  test(`${kind}: nothing of a text becomes markup`, () => {
    const harmless = tagsOf(page(() => "x")).filter(ofText);
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 7 }), (texts) => {
        let next = 0;
        const markdown = page(() => texts[next++ % texts.length] ?? "");
        assert.equal(tagsOf(markdown).filter(ofText), harmless);
      }),
      { numRuns: 300 },
    );
  });

test.run();
