import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadLoose } from "../../src/ossec/load/index.js";
import { commentLine, network, plainName, plainPath, shellWord } from "../../src/targets/escape.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { checkRuleText, xmlComment, xmlText } from "../../src/targets/ossec/text.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { perimeter, scanDetection } from "./models.js";

const test = suite("escapes");

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          "'",
          '"',
          "\\",
          "$",
          "`",
          "\n",
          "\r",
          "\0",
          "<",
          ">",
          "&",
          "!",
          "-",
          "--",
          "-->",
          "!>",
          "]]>",
          "<!--",
        ],
        ...[
          "*/",
          "$" + "{x}",
          "$(id)",
          "%s",
          "\u202e",
          "\u2028",
          "\ud800",
          "#",
          ";",
          "{{x}}",
          " ",
          "a",
          "é",
          "</description>",
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

test("a shell word is one word with the same bytes", () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (texts) => {
      const words = texts.filter((text) => !text.includes("\0") && !/\p{Cs}/u.test(text));
      const script = `for word in ${words.map(shellWord).join(" ")}; do printf '%s\\0' "$word"; done`;
      return (
        spawnSync("sh", ["-c", script], { encoding: "utf8" }).stdout ===
        words.map((word) => `${word}\0`).join("")
      );
    }),
    { numRuns: 50 },
  );
});

test("a comment stays on its line and inside its comment", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      assert.not(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|\\$|\s$/u.test(commentLine(text)));
      const comment = `<!-- ${xmlComment(text)} -->`;
      assert.is(comment.indexOf("--", 4), comment.length - 3);
      assert.is(comment.lastIndexOf("<"), 0);
      assert.not(comment.slice(4, -3).includes("!"));
    }),
  );
});

test("a description comes out as it was written, or is refused", () => {
  const seen = { right: 0, refused: 0 };
  fc.assert(
    fc.property(hostile, (text) => {
      if (checkRuleText(text) !== null) {
        seen.refused++;
        assert.throws(() => xmlText(text));
        return;
      }
      const rule = { ...scanDetection().rule, description: text };
      const files = emitOssec(perimeter(undefined, { detections: [scanDetection({ rule })] }));
      const bytes = (end: string, before = "") => [
        {
          file: end,
          bytes: Buffer.from(before + (files.find((file) => file.path.endsWith(end))?.content ?? "")),
        },
      ];
      // Other people's entries in the same file may define variables.
      const rules = bytes("local_rules.xml", '<var name="X">v</var>');
      const loaded = loadLoose({ decoders: bytes("local_decoder.xml"), rules }, { engine: "4.3" });
      assert.equal(loaded.problems, []);
      const engine = createEngine(loaded, { ownHostname: "vm", mode: "logtest" });
      const line = '{"ts":1.5,"note":"Perimeter::Port_Scan_S0_Detected","msg":"x","src":"203.0.113.9"}';
      const event = engine.process(line, 0);
      assert.ok(event.kind === "event" && event.rule !== null);
      assert.is(Buffer.from(event.rule.description ?? "", "latin1").toString("utf8"), text);
      seen.right++;
    }),
    { numRuns: 400 },
  );
  assert.ok(seen.right > 20 && seen.refused > 20, JSON.stringify(seen));
});

test("what OSSEC's XML cannot hold is refused with a reason", () => {
  for (const text of [
    "",
    "a<b",
    "ends \\",
    "a\nb",
    "a\0b",
    "$X",
    "(x$)",
    "\ud800",
    "x".repeat(2048),
    "\u2028",
  ])
    assert.type(checkRuleText(text), "string", JSON.stringify(text));
  for (const text of [
    "A & B",
    "a \"b\" 'c'",
    "costs 5$",
    "5$ or 6$.",
    "a > b ]]>",
    "back\\slash",
    "{{x}}",
    "%s",
    "é",
  ])
    assert.is(checkRuleText(text), null, text);
});

test("names and paths that need quoting are bugs in zopf, not output", () => {
  for (const text of ["", "a b", "a;b", "$x", "a\nb", "-x", "../x", "é"])
    assert.throws(() => plainName(text), /bug in zopf/);
  for (const text of ["", "x", "/a b", "/a;b", "/$x", "/a\nb"])
    assert.throws(() => plainPath(text), /bug in zopf/);
  for (const text of ["", "x", "1.2.3.4/8/8", "1.2.3.4; id", "self"])
    assert.throws(() => network(text), /bug in zopf/);
});

test("names in the never-block list cannot leave their comments", () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const model = perimeter(undefined, { neverBlock: [{ network: "192.0.2.1", name }] });
      const script = emitScript(model)[0]?.content ?? "";
      const plain =
        emitScript(perimeter(undefined, { neverBlock: [{ network: "192.0.2.1", name: "x" }] }))[0]?.content ??
        "";
      const code = (text: string) => text.replace(/^\s*#.*\n/gm, "");
      return code(script) === code(plain);
    }),
  );
});

test.run();
