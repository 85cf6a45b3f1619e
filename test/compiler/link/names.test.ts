import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { moduleName } from "../../../src/compiler/link/names.js";
import { defaultFirstId } from "../../../src/compiler/link/rule-ids.js";

test("a bundle's module", () => {
  assert.is(moduleName("perimeter"), "Perimeter");
  assert.is(moduleName("web-front"), "Web_Front");
});

test("never one of Zeek's own modules", () => {
  assert.is(moduleName("notice"), "Zopf_Notice");
  assert.is(moduleName("log"), "Zopf_Log");
});

test("property: two bundles never share a module, and it is an identifier", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  fc.assert(
    fc.property(name, name, (one, other) => {
      assert.match(moduleName(one), /^[A-Za-z][A-Za-z0-9_]*$/);
      if (one !== other) assert.is.not(moduleName(one), moduleName(other));
    }),
  );
});

test("property: the first id that zopf chooses leaves room in the local range", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const id = defaultFirstId(name);
      assert.ok(id >= 100_000 && id <= 119_000);
    }),
  );
});

test.run();
