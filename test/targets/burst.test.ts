import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { BurstDetectionModel, EngineVersion, LogDetectionModel, Model } from "../../src/model/model.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadLoose } from "../../src/ossec/load/index.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { perimeter, scanDetection } from "./models.js";

const test = suite("bursts");
const versions: readonly EngineVersion[] = ["3.7", "3.8", "4.3"];
const span = scanDetection().span;
const pattern = { language: "pcre2", text: "^bad (\\S+) from (\\S+) to (\\d+) url (\\S+)$" } as const;

const login: LogDetectionModel = {
  kind: "log",
  name: "Login",
  log: null,
  decoder: {
    name: "zopf-perimeter_log_login",
    forms: [
      {
        program: { language: "osmatch", text: "^app$" },
        prematch: pattern,
        regex: pattern,
        afterPrematch: false,
      },
    ],
    order: ["user", "srcip", "dstport", "url"],
  },
  conditions: [],
  samples: [],
  notSamples: [],
  rule: { id: 100600, level: 5, groups: ["app", "login"], description: "bad login" },
  span,
};

function burst(
  events: number,
  timeframe: number,
  changes: Partial<BurstDetectionModel> = {},
): BurstDetectionModel {
  return {
    kind: "burst",
    name: "Guessing",
    base: { kind: "rule", id: 100600, detection: "Login" },
    events,
    timeframe,
    flags: ["same_source_ip"],
    conditions: [],
    rule: { id: 100601, level: 10, groups: ["app"], description: "guessing" },
    span,
    ...changes,
  };
}

interface Attempt {
  readonly time: number;
  readonly source?: string;
  readonly user?: string;
  readonly port?: number;
  readonly url?: string;
}

/** Rule of each attempt, by the emitted files in the engine that imitates the version. */
function rulesOf(
  detections: Model["detections"],
  version: EngineVersion,
  attempts: readonly Attempt[],
  mode: "daemon" | "logtest" = "daemon",
): readonly (number | null)[] {
  const files = emitOssec(perimeter(undefined, { detections, responses: [] }));
  const take = (end: string) =>
    files.flatMap(({ path, content }) =>
      path.endsWith(end) ? [{ file: path, bytes: Buffer.from(content) }] : [],
    );
  const loaded = loadLoose(
    { decoders: take("local_decoder.xml"), rules: take("local_rules.xml"), conf: take("ossec.conf") },
    { engine: version },
  );
  assert.equal(
    loaded.problems.filter(({ severity }) => severity === "error"),
    [],
  );
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode });
  return attempts.map(({ time, source = "198.51.100.1", user = "root", port = 22, url = "/" }, index) => {
    // Every line is another one: the daemon drops repetitions.
    const line = `Nov 14 18:09:08 host app[${index + 1}]: bad ${user} from ${source} to ${port} url ${url}`;
    const event = engine.process(line, 1_700_000_000 + time);
    return event.kind === "event" ? (event.rule?.id ?? null) : null;
  });
}

const firings = (rules: readonly (number | null)[], id = 100601): readonly number[] =>
  rules.flatMap((rule, index) => (rule === id ? [index + 1] : []));

for (const version of versions)
  for (const events of [2, 3, 5, 8, 129])
    test(`${events} events, OSSEC ${version}: on that event, and again after as many`, () => {
      const attempts = Array.from({ length: events * 3 }, () => ({ time: 0 }));
      const rules = rulesOf([login, burst(events, 60)], version, attempts);
      assert.equal(firings(rules), [events, 2 * events, 3 * events]);
      assert.is(rules.filter((rule) => rule === 100600).length, 3 * events - 3);
    });

test("within: an event of exactly that age counts, an older one does not", () => {
  for (const version of versions)
    for (const within of [1, 2, 120, 99_999]) {
      const at = (...times: readonly number[]) =>
        firings(
          rulesOf(
            [login, burst(3, within)],
            version,
            times.map((time) => ({ time })),
          ),
        );
      assert.equal(at(0, within, within), [3]);
      assert.equal(at(0, 0, within), [3]);
      assert.equal(at(0, within, within + 1), []);
      assert.equal(at(0, 0, within + 1), []);
    }
});

test("sources take turns: each is counted by itself until one of them fires", () => {
  for (const version of versions) {
    const attempts = Array.from({ length: 12 }, (_, index) => ({
      time: index,
      source: `198.51.100.${index % 3}`,
    }));
    // 1 2 3 of source 0 are events 1 4 7.
    assert.equal(firings(rulesOf([login, burst(3, 60)], version, attempts.slice(0, 7))), [7]);
    // Firing hides what the others did before: they begin anew (docs/reference/ossec.md#correlation).
    assert.equal(firings(rulesOf([login, burst(3, 60)], version, attempts)), [7]);
  }
});

/**
 * What is promised: an event fires the burst when it and the earlier ones of its source reach the number within the
 * time, counted since the burst last fired for anybody, and among the newest 128 that are remembered in 4.x.
 */
function promised(events: number, within: number, version: EngineVersion, attempts: readonly Attempt[]) {
  const fired: number[] = [];
  let remembered: Attempt[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const counted = remembered.filter(
      ({ source, time }) => source === attempt.source && attempt.time - time <= within,
    );
    if (counted.length >= events - 1) {
      fired.push(index + 1);
      remembered = [];
      continue;
    }
    remembered.push(attempt);
    if (version === "4.3") remembered = remembered.slice(-128);
  }
  return fired;
}

test("interleaved sources in any rhythm: what is promised, and never before the number is reached", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...versions),
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.record({ gap: fc.integer({ min: 0, max: 12 }), source: fc.integer({ min: 1, max: 4 }) }), {
        maxLength: 80,
      }),
      (version, events, within, steps) => {
        let time = 0;
        const attempts = steps.map(({ gap, source }) => {
          time += gap;
          return { time, source: `198.51.100.${source}` };
        });
        const fired = firings(rulesOf([login, burst(events, within)], version, attempts));
        assert.equal(fired, promised(events, within, version, attempts));
        for (const number of fired) {
          const last = attempts[number - 1];
          const own = attempts
            .slice(0, number)
            .filter(({ source, time: at }) => source === last?.source && (last?.time ?? 0) - at <= within);
          assert.ok(own.length >= events);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("others in between: up to 128 events of all sources in 4.3, any number before", () => {
  const others = (count: number): readonly Attempt[] =>
    Array.from({ length: count }, (_, index) => ({ time: 0, source: `203.0.113.${index % 200}` }));
  const own: Attempt = { time: 0, source: "198.51.100.1" };
  for (const [version, count, expected] of [
    ["4.3", 126, true],
    ["4.3", 127, false],
    ["3.8", 127, true],
    ["3.7", 127, true],
  ] as const) {
    const attempts = [own, own, ...others(count), own];
    const fired = firings(rulesOf([login, burst(3, 60)], version, attempts));
    assert.is(fired.includes(attempts.length), expected, `${version} ${count}`);
  }
});

test("per user, per port, per host name, per source and user", () => {
  const same: readonly (readonly [string, Attempt])[] = [
    ["same_user", { time: 0, user: "carol" }],
    ["same_dst_port", { time: 0, port: 2222 }],
  ];
  for (const version of versions) {
    for (const [flag, other] of same) {
      const mixed = [{ time: 0 }, other, { time: 0 }, other, { time: 0 }, other];
      assert.equal(firings(rulesOf([login, burst(3, 60, { flags: [flag] })], version, mixed)), [5]);
      assert.equal(firings(rulesOf([login, burst(3, 60, { flags: [] })], version, mixed)), [3, 6]);
    }
    const both = burst(3, 60, { flags: ["same_source_ip", "same_user"] });
    const twoUsers = [{ time: 0 }, { time: 0, user: "carol" }, { time: 0 }, { time: 0 }];
    assert.equal(firings(rulesOf([login, both], version, twoUsers)), [4]);
    const location = burst(3, 60, { flags: ["same_location"] });
    assert.equal(firings(rulesOf([login, location], version, twoUsers)), [3]);
  }
});

test("different URLs: those that differ from the present one count, not how many there are", () => {
  for (const version of versions) {
    const different = burst(3, 60, { flags: ["same_source_ip", "different_url"] });
    const visits = (...urls: readonly string[]) =>
      firings(
        rulesOf(
          [login, different],
          version,
          urls.map((url) => ({ time: 0, url })),
        ),
      );
    assert.equal(visits("/a", "/a", "/a", "/a"), []);
    assert.equal(visits("/a", "/b", "/c"), [3]);
    assert.equal(visits("/a", "/a", "/b"), [3], "two different URLs are enough");
  }
});

test("a burst of a burst", () => {
  const outer = burst(3, 600, {
    name: "Again",
    base: { kind: "rule", id: 100601, detection: "Guessing" },
    rule: { id: 100602, level: 12, groups: ["app"], description: "again" },
  });
  for (const version of versions) {
    const attempts = Array.from({ length: 24 }, (_, index) => ({ time: index }));
    const rules = rulesOf([login, burst(4, 60), outer], version, attempts);
    assert.equal(firings(rules, 100602), [12, 24]);
    assert.equal(firings(rules), [4, 8, 16, 20]);
  }
});

test("a group: all of its rules together", () => {
  const other: LogDetectionModel = {
    ...login,
    name: "Logout",
    decoder: {
      ...login.decoder,
      name: "zopf-perimeter_log_logout",
      forms: login.decoder.forms.map((form) => ({
        ...form,
        program: { language: "osmatch", text: "^none$" },
      })),
    },
    rule: { ...login.rule, id: 100603, groups: ["app"] },
  };
  const group = burst(3, 60, { base: { kind: "group", group: "login" } });
  for (const version of versions)
    assert.equal(
      firings(
        rulesOf(
          [login, other, group],
          version,
          Array.from({ length: 6 }, () => ({ time: 0 })),
        ),
      ),
      [3, 6],
    );
});

test.run();
