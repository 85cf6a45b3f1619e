import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion } from "../../../src/model/model.js";
import { ossecDialects } from "../../../src/ossec/dialects.js";
import type { XmlElement } from "../../../src/ossec/xml/document.js";
import { readXml } from "../../../src/ossec/xml/read.js";
import { positionAt, sourceText } from "../../../src/ossec/xml/source.js";

function read(text: string, engine: EngineVersion = "4.3", variables = true) {
  return readXml(sourceText("x.xml", text), { dialect: ossecDialects[engine], variables });
}

type Shape = readonly [
  name: string,
  attributes: Readonly<Record<string, string>>,
  value: string,
  ...children: Shape[],
];

function shape(element: XmlElement): Shape {
  const attributes = Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]));
  return [element.name, attributes, element.value, ...element.children.map(shape)];
}

/** What the reader makes of a text, or why it gives up. */
function outcome(text: string, engine: EngineVersion = "4.3"): readonly Shape[] | string {
  const { roots, problem } = read(text, engine);
  return problem === null ? roots.map(shape) : problem.reason;
}

const reader = suite("the reader of the dialect");

const accepted: readonly (readonly [text: string, roots: readonly Shape[]])[] = [
  ["", []],
  ["<a></a>", [["a", {}, ""]]],
  [
    "<a/><b />",
    [
      ["a", {}, ""],
      ["b", {}, ""],
    ],
  ],
  ["text <a>x</a> text", [["a", {}, "x"]]],
  ["<a>&lt;</a>", [["a", {}, "&lt;"]]],
  ["<a>x\\<y</a>", [["a", {}, "x\\<y"]]],
  ["<a>x\\</a></a>", [["a", {}, "x\\</a>"]]],
  ["<a> x\n</a>", [["a", {}, " x\n"]]],
  ["<a>x<!-- c -->y</a>", [["a", {}, "xy"]]],
  ["<a>x<! c -->y</a><!-- d !>", [["a", {}, "xy"]]],
  ["<!--><a/>", [["a", {}, ""]]],
  ["<a>x<b>y</b>z</a>", [["a", {}, "z", ["b", {}, "y"]]]],
  // A tag ended by a slash leaves its `>` to the text around it.
  ["<a>x<b c='1'/>z</a>", [["a", {}, ">z", ["b", { c: "1" }, ""]]]],
  ['<a x="1" Y=\'2\'\n z= "3"/>', [["a", { x: "1", Y: "2", z: "3" }, ""]]],
  ["<a>x\0y</a>", [["a", {}, "x"]]],
  ["<var name=\"A\">1</var><a b='$a,'>x$A.y$A|$</a>", [["a", { b: "1," }, "x1.y1|$"]]],
  [
    "<a>$A.x</a><var name='A'>1</var><a>$A.x</a>",
    [
      ["a", {}, "$A.x"],
      ["a", {}, "1.x"],
    ],
  ],
  [
    "<var name='A'>1</var><var name='a'>2</var><b>$A</b><b>$A$A</b>",
    [
      ["b", {}, "$A"],
      ["b", {}, "11"],
    ],
  ],
  ["<var name='AB'>$AB</var><b>$AB</b>", [["b", {}, "$AB"]]],
];

for (const [text, roots] of accepted) {
  reader(`reads ${JSON.stringify(text)}`, () => assert.equal(outcome(text), roots));
}

const refused: readonly string[] = [
  "<a>",
  "</a>",
  "<a></b>",
  "<a></a >",
  "< a></a>",
  "<a>x\\</a>",
  "<a>x\\\\</a>",
  "<a x></a>",
  "<a x ='1'></a>",
  "<a x=1></a>",
  "<a x='1'y='2'></a>",
  "<a x='>'></a>",
  "<a x='1' x='2'></a>",
  "<a <!-- c --> x='1'></a>",
  "<!-- c",
  "<a><![CDATA[x]]></a>",
  "<?php ?>",
  " <?xml version='1.0'?><a/>",
  "<var name='A'>1</var><a>$B.</a>",
  "<var name='A'>1</var><a>(abc$)</a>",
  "<var name='A'>1</var><a b='$a-'></a>",
  "<var other='A'>1</var><a></a>",
  "<var>1</var>",
];

for (const text of refused) {
  reader(`refuses ${JSON.stringify(text)}`, () => assert.type(outcome(text), "string"));
}

reader("skips BOM and declaration in 4.3, not before", () => {
  const text = "\xef\xbb\xbf<?xml version='1.0'?>\n<a/>";
  assert.equal(outcome(text), [["a", {}, ""]]);
  assert.type(outcome(text, "3.8"), "string");
  assert.equal(outcome("\xef\xbb\xbf<a/>", "3.7"), [["a", {}, ""]]);
});

reader("knows its limits", () => {
  const value = (length: number) => outcome(`<a>${"x".repeat(length)}</a>`);
  assert.not.type(value(8191), "string");
  assert.type(value(8192), "string");
  const attribute = (length: number) => outcome(`<a b="${"x".repeat(length)}"></a>`);
  assert.not.type(attribute(8191), "string");
  assert.type(attribute(8192), "string");
  assert.not.type(outcome(`<a><!--${"x".repeat(30_000)}--></a>`), "string");
  assert.not.type(outcome(`${" ".repeat(30_000)}<a></a>`), "string");
  assert.type(outcome(`<a>${" ".repeat(30_000)}<b></b></a>`), "string");
  const nested = (depth: number, engine: EngineVersion) =>
    read("<a>".repeat(depth) + "</a>".repeat(depth), engine).problem?.outcome;
  assert.is(nested(1024, "4.3"), undefined);
  assert.is(nested(1025, "4.3"), "error");
  assert.is(nested(1025, "3.8"), "crash");
  assert.is(nested(100_000, "4.3"), "error");
});

reader("knows where everything stands", () => {
  const text = "<a>\r\n\t<b c='\xc3\xa9\xff'>x</b>\r\n</a>";
  const { roots, source } = read(text);
  const b = roots[0]?.children[0];
  if (b === undefined) throw new Error("no <b>");
  assert.is(text.slice(b.start, b.end), "<b c='\xc3\xa9\xff'>x</b>");
  assert.is(text.slice(b.start, b.openEnd), "<b c='\xc3\xa9\xff'>");
  assert.is(text.slice(b.contentStart, b.contentEnd), "x");
  const attribute = b.attributes[0];
  assert.is(text.slice(attribute?.nameStart, attribute?.nameEnd), "c");
  assert.is(text.slice(attribute?.valueStart, attribute?.valueEnd), "\xc3\xa9\xff");
  // CRLF is one line end; TAB, the two bytes of é and the invalid byte are one column each.
  assert.equal(positionAt(source, b.start), { line: 2, column: 2 });
  assert.equal(positionAt(source, b.contentStart), { line: 2, column: 12 });
  assert.equal(positionAt(source, roots[0]?.contentEnd ?? 0), { line: 3, column: 1 });
});

reader("keeps what it read before it gave up", () => {
  const { roots, problem } = read("<a><b>1</b><c>2</c><d></a>");
  assert.ok(problem !== null);
  assert.equal(
    roots[0]?.children.map(({ name, closed }) => [name, closed]),
    [
      ["b", true],
      ["c", true],
      ["d", false],
    ],
  );
});

const piece = fc.constantFrom(
  "<a>",
  "</a>",
  "<b x='1'>",
  "</b>",
  "<",
  ">",
  "/",
  "\\",
  "<!--",
  "-->",
  "!>",
  "<!",
  "'",
  '"',
  "=",
  " ",
  "$V",
  "<var name='V'>v</var>",
  "\n",
  "\0",
  "x",
  "\xff",
  "<?xml",
  "?>",
  "<c/>",
);

reader("never throws, and places nest", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom<EngineVersion>("4.3", "3.8"),
      (pieces, engine) => {
        const text = pieces.join("");
        const { roots, problem } = read(text, engine);
        if (problem !== null) assert.ok(problem.start <= problem.end && problem.end <= text.length);
        const check = (element: XmlElement): void => {
          assert.ok(element.start < element.openEnd && element.openEnd <= text.length);
          if (element.closed) {
            assert.ok(element.openEnd <= element.contentStart && element.contentStart <= element.contentEnd);
            assert.ok(element.contentEnd <= element.end && element.end <= text.length);
          }
          element.children.forEach(check);
        };
        roots.forEach(check);
      },
    ),
    { numRuns: 2000 },
  );
});

reader.run();
