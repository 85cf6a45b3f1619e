import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileLoaded } from "../../../src/compiler/fresh.js";
import type { LoadedBundle } from "../../../src/compiler/load/index.js";
import { bundle, detection, loadFine } from "../load/load-text.js";

/** What linking says of a bundle expression that the type checker has been silenced about. */
async function told(expression: string): Promise<readonly string[]> {
  const source = `import { defineBundle } from "zopf";\nexport default defineBundle(${expression} as any);\n`;
  return diagnosticsOf(await loadFine(source));
}

function diagnosticsOf(loaded: LoadedBundle): readonly string[] {
  const compiled = compileLoaded(loaded, new Map());
  const found = compiled.ok ? compiled.entry.diagnostics : compiled.diagnostics;
  return found.map(({ code, line, message }) => `${code} ${line} ${message}`);
}

const hostile: Readonly<Record<string, readonly [bundle: string, expected: RegExp]>> = {
  "a getter that throws": ["{ get name() { throw new Error('x') } }", /name throws when it is read/],
  "a getter that throws no Error": ["{ ossec: { get home() { throw 5 } } }", /ossec.home throws/],
  "a Proxy as the bundle": [`new Proxy({}, { get() { throw 1 }, has() { throw 2 } })`, /is a Proxy/],
  "a Proxy as a list": [`{ detections: new Proxy([], { get() { throw 1 } }) }`, /detections is a Proxy/],
  "a revoked Proxy": [
    `{ ossec: (() => { const made = Proxy.revocable({}, {}); made.revoke(); return made.proxy; })() }`,
    /ossec is a Proxy/,
  ],
  "a Proxy as a function": [
    `{ name: "x", ossec: { home: "/o" }, detections: [{ kind: "zeek", name: "A", event: "new_connection", notice: {}, rule: { level: 6, description: "d" }, per: new Proxy(() => 1, {}) }] }`,
    /per is a Proxy/,
  ],
  "a list with a map of its own": [
    `{ detections: Object.assign([1], { map: () => [null] }) }`,
    /detections\[0\] must be an object, not 1/,
  ],
  "a list without end": [`{ detections: new Array(4e9) }`, /detections has 4000000000 entries/],
  "an object that is no text": [
    `{ ossec: { home: "/o", firstRuleId: Object.create(null) } }`,
    /firstRuleId is an object/,
  ],
  "a level that cannot be printed": [
    `{ ossec: { home: "/o" }, detections: [{ kind: "zeek", name: "A", rule: { level: { toString() { throw 1 } } } }] }`,
    /level is an object/,
  ],
  symbols: [
    `{ name: Symbol("x"), zeek: 5n, firewall: Symbol(), neverBlock: [Symbol()], responses: [{ for: Symbol() }] }`,
    /name must be a string, not Symbol\(x\)/,
  ],
  functions: [`{ name: () => 1, ossec: () => 1, detections: [() => 1] }`, /ossec must be an object/],
  "a bundle that holds itself": [
    `(() => { const a: any = { name: "x" }; for (const k of ["ossec", "zeek", "firewall"]) a[k] = a; a.detections = [a]; a.responses = [a]; return a; })()`,
    /ossec.home must be a string/,
  ],
};

for (const [title, [expression, expected]] of Object.entries(hostile))
  test(`${title}: a diagnostic`, async () => {
    const found = await told(expression);
    assert.ok(
      found.some((line) => expected.test(line)),
      found.join("\n"),
    );
  });

const around: Readonly<Record<string, readonly [before: string, where: string, expected: RegExp]>> = {
  "a Proxy": [
    "const evil: any = new Proxy({}, { get() { throw 1 }, has() { throw 2 } });",
    "evil.x === c.uid",
    /is a Proxy/,
  ],
  "a getter that throws": [
    "const evil = { get x(): string { throw 1 } };",
    "evil.x === c.uid",
    /reading .x .* fails/,
  ],
  "a Set with a has of its own": [
    "class Odd extends Set<string> { override has(_: string): boolean { return true } }; const evil = new Odd();",
    "evil.has(c.uid)",
    /EXPRESSION/,
  ],
  "a Proxy in a list": [
    "const evil: any[] = [new Proxy({}, { has() { throw 1 }, getPrototypeOf() { throw 2 } })];",
    "evil.includes(c.uid)",
    /EXPRESSION/,
  ],
};

for (const [title, [before, where, expected]] of Object.entries(around))
  test(`${title} that a function looks at: a diagnostic`, async () => {
    const loaded = await loadFine(
      bundle(detection("Scan", `where: (c) => ${where}`), before, `zeek: { logs: "/l", site: "/s" },`),
    );
    const found = diagnosticsOf(loaded);
    assert.ok(
      found.some((line) => expected.test(line)),
      found.join("\n"),
    );
  });

/** Any value, some of them of the right shape somewhere. */
const anything = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }),
  },
  fc.constantFrom<unknown>(() => 1, Symbol("s"), Number.NaN, -0, "zeek", "1 min", "192.0.2.1", 6, [[]], {
    sliding: "1 min",
  }),
);

const plain = {
  name: "test",
  zeek: { logs: "/l", site: "/s", noticeLog: "dedicated" },
  ossec: { home: "/o", version: "4.3", firstRuleId: 100_500 },
  firewall: { kind: "pf", table: "t" },
  neverBlock: ["192.0.2.1", { network: "10.0.0.0/8", name: "us" }],
  detections: [
    {
      kind: "zeek",
      name: "Scan",
      event: "new_connection",
      per: null,
      count: { events: true },
      threshold: 5,
      window: { sliding: "1 min" },
      notice: { message: null, suppress: "1 min" },
      log: { path: "scan", columns: { a: null } },
      caps: { keys: 5 },
      rule: { level: 6, groups: ["a"], description: "d", id: 100_600 },
    },
    {
      kind: "iplog",
      name: "Iplog",
      log: "/var/log/iplog",
      scans: ["port_scan"],
      ignore: [{ protocol: "tcp", destinationPort: 80 }],
      rule: { level: 6, description: "d" },
    },
  ],
  responses: [
    { kind: "block", when: { detection: "Scan" }, for: "10 min" },
    { kind: "block", when: { level: 6 }, for: "1 min" },
  ],
};

/** Every path into a value. */
function paths(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [
    [key],
    ...paths(below).map((path) => [key, ...path]),
  ]);
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== "object" || value === null) return value;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  Reflect.set(copy, key, replaced(Reflect.get(value, key), rest, by));
  return copy;
}

test("whatever stands anywhere in a bundle: an answer, never a crash", () => {
  const span = { file: "x", line: 1, column: 1 };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...paths(plain)), anything), { minLength: 1, maxLength: 3 }),
      (changes) => {
        const value = changes.reduce<unknown>((made, [path, by]) => replaced(made, path, by), plain);
        const loaded = { value, files: [], cacheable: false, locate: () => span, sourceOf: () => null };
        assert.type(compileLoaded(loaded, new Map()).ok, "boolean");
      },
    ),
    { numRuns: 2_000 },
  );
});

test.run();
