import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import Handlebars from "handlebars";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import "../../src/targets/index.js";
import { sharedEscapes } from "../../src/targets/escape.js";
import { iplogEscapes } from "../../src/targets/iplog/emit.js";
import { iptablesEscapes } from "../../src/targets/iptables/emit.js";
import { nftEscapes } from "../../src/targets/nftables/emit.js";
import { ossecEscapes } from "../../src/targets/ossec/emit.js";
import { pfEscapes } from "../../src/targets/pf/emit.js";
import { precompiledTemplates, renderer, unescapedPlaces } from "../../src/targets/render.js";
import { scriptEscapes } from "../../src/targets/script/emit.js";
import { scratchFolder } from "../scratch-folder.js";

const test = suite("templates");

const helpers = {
  ossec: ossecEscapes,
  pf: pfEscapes,
  ipfw: sharedEscapes,
  iplog: iplogEscapes,
  script: scriptEscapes,
  nftables: nftEscapes,
  iptables: iptablesEscapes,
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

test("templates that were compiled for the package give the same text", () => {
  const folder = scratchFolder("templates");
  try {
    const file = path.join(folder, "templates.cjs");
    writeFileSync(file, precompiledTemplates());
    const compiled: Readonly<Record<string, TemplateSpecification>> = createRequire(import.meta.url)(file);
    for (const name of Object.keys(helpers))
      for (const template of readdirSync(new URL(`../../templates/${name}/`, import.meta.url)))
        assert.ok(Object.hasOwn(compiled, `${name}/${template.replace(/\.hbs$/, "")}`), template);
    const specification = compiled["pf/pf.conf"];
    assert.ok(specification);
    const environment = Handlebars.create();
    for (const [helper, escaped] of Object.entries(pfEscapes))
      environment.registerHelper(helper, (value: unknown) => escaped(value));
    const context = { bundle: "b", script: "s", table: "t", log: true, limit: 5 };
    assert.is(environment.template(specification)(context), renderer("pf", pfEscapes)("pf.conf", context));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
