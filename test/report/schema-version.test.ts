/** Every JSON form has a schema, and says its version in every document and line. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { jsonOf, schemaVersions } from "../../src/diagnostics/schema-version.js";

const folder = fileURLToPath(new URL("../../src/schemas/", import.meta.url));

interface Shape {
  readonly properties?: { readonly schemaVersion?: { readonly const?: number } };
  readonly required?: readonly string[];
  readonly oneOf?: readonly Shape[];
}

/** Files that people write, or that a build writes and whose version is their own. */
const files = ["case", "manifest"];

const schemas = readdirSync(folder)
  .map((name) => name.replace(/\.schema\.json$/, ""))
  .filter((name) => !files.includes(name));

test("there is a schema for every form", () => {
  assert.equal(
    Object.keys(schemaVersions).filter((name) => !schemas.includes(name)),
    [],
  );
  assert.equal(
    schemas.filter((name) => !Object.hasOwn(schemaVersions, name)),
    [],
  );
});

test("every variant of a schema wants the version that is written", () => {
  const versions = new Map<string, number>(Object.entries(schemaVersions));
  for (const name of schemas) {
    const schema: Shape = JSON.parse(readFileSync(`${folder}${name}.schema.json`, "utf8"));
    for (const variant of schema.oneOf ?? [schema]) {
      assert.is(variant.properties?.schemaVersion?.const, versions.get(name), name);
      // A diagnostic within a document has the document's.
      if (name !== "diagnostic") assert.ok(variant.required?.includes("schemaVersion"), name);
    }
  }
});

test("the version comes first", () => {
  assert.is(jsonOf("lint", { findings: [] }), '{"schemaVersion":1,"findings":[]}\n');
});

test.run();
