import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compilePattern } from "../../../src/detections/expressions/pattern.js";
import {
  isZeekIdentifier,
  zeekIdentifier,
  zeekPattern,
  zeekString,
} from "../../../src/targets/zeek/escape.js";
import { evaluateZeek } from "../../compiler/expressions/zeek-reference.js";

test("any text comes back from its literal", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (text) => {
      const literal = zeekString(Buffer.from(text, "utf8").toString("latin1"));
      assert.match(literal, /^"(?:[ !#-[\]-~]|\\["\\]|\\x[0-9a-f]{2})*"$/);
      const value = evaluateZeek(literal, {});
      assert.is(value.v, Buffer.from(text, "utf8").toString("latin1"));
    }),
  );
  assert.is(zeekString('a"\\\n\x7f\xff1'), '"a\\"\\\\\\x0a\\x7f\\xff1"');
});

test("a literal text as a pattern matches itself alone", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      const source = zeekPattern(text);
      assert.ok(compilePattern(source)?.whole(text));
      assert.not.ok(compilePattern(source)?.whole(`${text}x`));
      assert.not.match(source, /[/"\n]/);
    }),
  );
});

test("identifiers are no reserved words", () => {
  assert.ok(isZeekIdentifier("port_scan"));
  for (const name of ["port", "a-b", "1a", "", "é", "T"]) assert.not.ok(isZeekIdentifier(name), name);
  assert.is(zeekIdentifier("Perimeter::Scan"), "Perimeter::Scan");
  assert.throws(() => zeekIdentifier("set"));
});

test.run();
