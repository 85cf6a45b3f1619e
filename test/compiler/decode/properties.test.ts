/** The decoders know exactly the properties of the DSL's types: each of them is found in the types, and misspelt. */
import { Project, type Symbol as Property, type Type } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeBundle } from "../../../src/compiler/decode/bundle.js";
import { span } from "./read.js";
import { changed, labelOf, type Path, propertiesOf, renamed, samples } from "./samples.js";

const locator = { locate: () => span };

/** Objects whose names are the bundle's own: columns, conditions, fields of a sample, keys of a list, targets. */
const ownNames = /(?:^|\.)(?:columns|where|fields|targets|entries)\.[^.]+$/;

test("every sample is decoded", () => {
  for (const sample of samples) {
    const { decoded, diagnostics } = decodeBundle(sample, locator);
    assert.equal(diagnostics, []);
    assert.ok(decoded !== null);
  }
});

test("every property of the DSL's types occurs in a sample, and no other one", () => {
  const expected = new Map<string, ReadonlySet<string>>();
  collect(root.getType(), expected, new Set());
  const used = new Map<string, Set<string>>();
  for (const sample of samples) walk([root.getType()], sample, "bundle", used);
  for (const [type, properties] of expected) {
    // Names that an order gives, suggested to people; every other word is one as well.
    if (properties.has("extra_data")) continue;
    assert.equal([...(used.get(type) ?? [])].sort(), [...properties].sort(), type);
  }
  assert.ok(expected.size > 40, `${expected.size} types`);
});

test("a property that is misspelt is an error at its place, with the right name", () => {
  let tried = 0;
  for (const sample of samples)
    for (const path of propertiesOf(sample)) {
      const label = labelOf(path);
      if (ownNames.test(label) || Reflect.get(holderOf(sample, path), path.at(-1) ?? "") === undefined)
        continue;
      const name = String(path.at(-1));
      const wrong = `${name.slice(0, -1)}${name.at(-1)}x`;
      const { decoded, diagnostics } = decodeBundle(
        changed(sample, path, (holder, key) => renamed(holder, key, wrong)),
        locator,
      );
      tried += 1;
      assert.is(decoded, null, label);
      const found = diagnostics.find(({ code }) => code === "bundle/unknown-property");
      // What tells the kind is missed first: which properties there are depends on it.
      if (["kind", "scan", "dialect"].includes(name)) continue;
      assert.ok(found !== undefined, `${label} ${JSON.stringify(diagnostics)}`);
      assert.ok(found?.message.startsWith(`${label}x: `), `${label}: ${found?.message}`);
      // A setting of one preset is none of another: a short name may stand for a second one.
      assert.match(found?.help ?? "", /^did you mean/, label);
      assert.is(diagnostics.filter(({ severity }) => severity === "error").length, 1, label);
    }
  assert.ok(tried > 700, `${tried} properties`);
});

function holderOf(value: unknown, path: Path): object {
  const found = path.slice(0, -1).reduce<unknown>((one, key) => Reflect.get(Object(one), key), value);
  return Object(found);
}

const root = (() => {
  const project = new Project({ tsConfigFilePath: "tsconfig.json", skipAddingFilesFromTsConfig: true });
  const file = project.createSourceFile(
    "src/dsl/the-bundle.ts",
    'import type { Bundle } from "./bundle.js";\nexport declare const bundle: Bundle;\n',
  );
  return file.getVariableDeclarationOrThrow("bundle");
})();

function typeOf(property: Property): Type {
  return property.getTypeAtLocation(root);
}

/** The types that an object can have there: what is behind optional, lists and unions. */
function objectsOf(type: Type): readonly Type[] {
  if (type.isUnion()) return type.getUnionTypes().flatMap(objectsOf);
  if (type.isArray() || type.isReadonlyArray()) return objectsOf(type.getArrayElementTypeOrThrow());
  if (type.isTuple()) return type.getTupleElements().flatMap(objectsOf);
  // `string & {}` is a text.
  const object =
    type.isObject() || (type.isIntersection() && !type.getIntersectionTypes().some((one) => one.isString()));
  return object && type.getCallSignatures().length === 0 ? [type] : [];
}

/** A name for types that are alike: the events of Zeek make a hundred of one. */
function idOf(type: Type): string {
  return `{ ${namesOf(type).join(", ")} }`;
}

function namesOf(type: Type): readonly string[] {
  return type
    .getProperties()
    .filter((property) => {
      const type = typeOf(property);
      return !type.isNever() && !type.isUndefined();
    })
    .map((property) => property.getName());
}

function collect(type: Type, found: Map<string, ReadonlySet<string>>, seen: Set<string>): void {
  for (const one of objectsOf(type)) {
    const names = one.getStringIndexType();
    if (names !== undefined) {
      collect(names, found, seen);
      continue;
    }
    const id = idOf(one);
    if (found.has(id)) continue;
    found.set(id, new Set(namesOf(one)));
    for (const property of one.getProperties()) collect(typeOf(property), found, seen);
  }
}

/** Notes in `used` which properties of which types occur in the value. */
function walk(types: readonly Type[], value: unknown, label: string, used: Map<string, Set<string>>): void {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) walk(types, entry, `${label}[${index}]`, used);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const present = Object.entries(value).filter(([, below]) => below !== undefined);
  const objects = types.flatMap(objectsOf);
  const values = objects.flatMap((one) => one.getStringIndexType() ?? []);
  if (values.length > 0) {
    for (const [name, below] of present) walk(values, below, `${label}.${name}`, used);
    return;
  }
  const fitting = objects.filter((one) => {
    const names = namesOf(one);
    return present.every(([name, below]) => names.includes(name) && fits(one, name, below));
  });
  assert.ok(fitting.length > 0, `no type of the DSL has the properties of ${label}`);
  for (const id of fitting.map(idOf))
    used.set(id, new Set([...(used.get(id) ?? []), ...present.map(([name]) => name)]));
  for (const [name, below] of present) {
    const inner = fitting.map((one) => typeOf(one.getPropertyOrThrow(name)));
    walk([...new Set(inner)], below, `${label}.${name}`, used);
  }
}

/** False where the property is a closed set that the value is not in. */
function fits(type: Type, name: string, value: unknown): boolean {
  const property = type.getPropertyOrThrow(name);
  const asked = typeOf(property);
  const literals = (asked.isUnion() ? asked.getUnionTypes() : [asked]).filter((one) => !one.isUndefined());
  return typeof value !== "string" || !literals.every((one) => one.isStringLiteral())
    ? true
    : literals.some((one) => one.getLiteralValue() === value);
}

test.run();
