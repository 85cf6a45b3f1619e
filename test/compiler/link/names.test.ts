import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { logPathProblem } from "../../../src/compiler/decode/zeek-words.js";
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

test("a bundle that is called like the module of another", () => {
  assert.is(moduleName("conn"), "Zopf_Conn");
  assert.is(moduleName("zopf-conn"), "Zopf_Zopf_Conn");
  assert.is(moduleName("zopf"), "Zopf");
});

test("a detection's own log is nobody else's", () => {
  assert.is(logPathProblem("port_scan"), null);
  for (const path of ["conn", "notice", "zopf_perimeter", "a/b", "../x", "Ports", "", "count"])
    assert.type(logPathProblem(path), "string", path);
});

test("property: two bundles never share a module, and it is an identifier", () => {
  const word = fc.constantFrom("zopf", "conn", "log", "notice", "t");
  const name = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
    fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("-")),
  );
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
