/** Whatever is dropped, renamed or put in the place of something else: an answer where it stands, never a throw. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeBundle } from "../../../src/compiler/decode/bundle.js";
import type { Locator } from "../../../src/compiler/decode/field.js";
import { compileLoaded } from "../../../src/compiler/fresh.js";
import { changed, labelOf, type Path, propertiesOf, renamed, samples } from "./samples.js";

/** Places that are the labels of what stands there, as `detections[0].rule`. */
function locatorOf(bundle: unknown): Locator {
  const labels = new Map<object, Path>();
  const note = (value: unknown, path: Path): void => {
    if (typeof value !== "object" || value === null || labels.has(value)) return;
    labels.set(value, path);
    for (const [key, below] of Object.entries(value))
      note(below, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  note(bundle, []);
  return {
    locate: (value, ...path) => ({
      file: labelOf([...(labels.get(value) ?? []), ...path]),
      line: 1,
      column: 1,
    }),
  };
}

interface Answer {
  readonly whole: boolean;
  /** Code and place of every error. */
  readonly errors: readonly (readonly [code: string, place: string])[];
  readonly messages: readonly string[];
}

function decode(bundle: unknown): Answer {
  const { decoded, diagnostics } = decodeBundle(bundle, locatorOf(bundle));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return {
    whole: decoded !== null,
    errors: errors.map(({ code, file }) => [code, file]),
    messages: errors.map(({ message }) => message),
  };
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => (below === undefined ? [] : [[key, copied(below)]])),
  );
}

/** The samples without repeated objects, which would have two places. */
const copies = samples.map(copied);

/** A sample, by its number, and a path into it. */
const somewhere = fc.constantFrom(
  ...copies.flatMap((copy, index) => propertiesOf(copy).map((path) => ({ index, path }))),
);

/** Columns, conditions, fields and targets have names of the bundle's own. */
const ownNames = /(?:^|\.)(?:columns|where|fields|targets)\.[^.]+$/;

test("property: what is renamed is an error at its place, called by its name", () => {
  fc.assert(
    fc.property(somewhere, fc.stringMatching(/^[a-z]{1,12}_$/), ({ index, path }, name) => {
      const label = labelOf(path);
      if (ownNames.test(label)) return;
      const { whole, errors, messages } = decode(
        changed(copies[index], path, (holder, key) => renamed(holder, key, name)),
      );
      assert.is(whole, false, label);
      const here = labelOf([...path.slice(0, -1), name]);
      const told = messages.some((message) => message.startsWith(`${here}: `));
      // Which properties there can be depends on these: they are missed, and nothing else is said.
      const tag = ["kind", "scan"].includes(String(path.at(-1)));
      assert.ok(
        told
          ? errors.some(([code, place]) => code === "bundle/unknown-property" && place === here)
          : tag && errors.some(([, place]) => place === label),
        `${label} ${JSON.stringify(errors)}`,
      );
    }),
    { numRuns: 400 },
  );
});

test("property: what is dropped was optional, or is missed there or by its holder", () => {
  fc.assert(
    fc.property(somewhere, ({ index, path }) => {
      const { whole, errors } = decode(
        changed(copies[index], path, (holder, key) => renamed(holder, key, null)),
      );
      const holder = labelOf(path.slice(0, -1));
      assert.ok(
        whole
          ? errors.length === 0
          : errors.every(([, place]) => place === labelOf(path) || place.startsWith(holder)) &&
              errors.length > 0,
        `${labelOf(path)} ${JSON.stringify(errors)}`,
      );
    }),
    { numRuns: 400 },
  );
});

test("property: what can be of no type is an error exactly there, and the only one", () => {
  const nothing = fc.constantFrom<unknown>(null, Symbol("s"), 5n, Number.NaN);
  fc.assert(
    fc.property(somewhere, nothing, ({ index, path }, value) => {
      const label = labelOf(path);
      const bundle = changed(copies[index], path, (holder, key) => ({ ...holder, [key]: value }));
      const { whole, errors } = decode(bundle);
      assert.is(whole, false, label);
      assert.ok(
        errors.some(([, place]) => place === label || place.startsWith(`${label}.`)),
        `${label} ${JSON.stringify(errors)}`,
      );
    }),
    { numRuns: 600 },
  );
});

test("property: several faults are all reported in one run, and nothing throws behind them", () => {
  fc.assert(
    fc.property(fc.array(somewhere, { minLength: 2, maxLength: 40 }), (chosen) => {
      const [first] = chosen;
      const paths = chosen.filter(({ index }) => index === first?.index).map(({ path }) => path);
      const apart = paths.filter(
        (path, index) =>
          !paths.some((other, at) => at !== index && labelOf(path).startsWith(labelOf(other.slice(0, -1)))),
      );
      const bundle = apart.reduce<unknown>(
        (made, path) => changed(made, path, (holder, key) => ({ ...holder, [key]: null })),
        copies[first?.index ?? 0],
      );
      const { errors } = decode(bundle);
      for (const path of apart)
        assert.ok(
          errors.some(([, place]) => place === labelOf(path)),
          `${apart.map(labelOf).join(" ")} ${JSON.stringify(errors)}`,
        );
      const loaded = {
        value: bundle,
        files: [],
        cacheable: false,
        locate: locatorOf(bundle).locate,
        sourceOf: () => null,
      };
      assert.type(compileLoaded(loaded, new Map()).ok, "boolean");
    }),
    { numRuns: 300 },
  );
});

test.run();
