import { readdirSync, readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sharedEscapes } from "../../src/targets/escape.js";
import { ossecEscapes } from "../../src/targets/ossec/emit.js";
import { pfEscapes } from "../../src/targets/pf/emit.js";
import { renderer, unescapedPlaces } from "../../src/targets/render.js";

const test = suite("templates");

const helpers = {
  ossec: ossecEscapes,
  pf: pfEscapes,
  ipfw: sharedEscapes,
  iplog: sharedEscapes,
  script: sharedEscapes,
};

for (const [folder, escapes] of Object.entries(helpers))
  test(`${folder}: every value goes through an escape`, () => {
    const url = new URL(`../../templates/${folder}/`, import.meta.url);
    const files = readdirSync(url);
    assert.ok(files.length > 0);
    for (const file of files) {
      const source = readFileSync(new URL(file, url), "utf8");
      assert.equal(unescapedPlaces(source, escapes), [], file);
      const used = [...source.matchAll(/\{\{([A-Za-z]+) /g)].map(([, name]) => name);
      assert.ok(used.length === 0 || used.some((name) => Object.hasOwn(escapes, name ?? "")));
    }
  });

test("what is not an escaped value is found", () => {
  const escapes = { number: String };
  const bad = [
    "{{name}}",
    "{{{name}}}",
    "{{&name}}",
    "{{{number name}}}",
    "{{other name}}",
    "{{number}}",
    "{{number a b}}",
    "{{> partial}}",
    "{{#other}}x{{/other}}",
    "{{#if x}}{{name}}{{/if}}",
    "{{#if x}}{{else}}{{name}}{{/if}}",
    "{{#each x}}{{this}}{{/each}}",
    '{{lookup x "y"}}',
    "{{#> layout}}{{/layout}}",
  ];
  for (const source of bad) assert.is(unescapedPlaces(source, escapes).length, 1, source);
  assert.equal(
    unescapedPlaces("a {{! note }} {{#each x}}{{number this}}{{/each}}{{number name}}", escapes),
    [],
  );
});

test("Handlebars' own escaping is off, and a missing value is an error", () => {
  const render = renderer("pf", pfEscapes);
  const context = { bundle: "b", script: "s", table: "t", log: true, limit: 5 };
  assert.match(render("pf.conf", context), /<t>/);
  assert.throws(() => render("pf.conf", { ...context, table: undefined }));
  assert.throws(() => render("pf.conf", { ...context, table: "t> to any\npass all" }));
});

test.run();
