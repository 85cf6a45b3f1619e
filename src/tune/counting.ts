import { type Counter, createCounter } from "../detections/counters.js";
import { createKeyReader, type MakeDetector } from "../detections/detector.js";
import type { Keys, TableKey } from "../detections/keys.js";
import type { ZeekValue } from "../model/expression.js";
import type { ZeekDetectionModel } from "../model/model.js";
import type { ZeekClock } from "../zeek/tables/clock.js";
import type { Setting } from "./settings.js";

/** A key that would fire, and at the most that it reached. */
export interface Reached {
  readonly parts: readonly ZeekValue[];
  readonly count: number;
  readonly time: number;
}

/** One detection at many settings. */
export interface Counted {
  /** Windows whose settings must be counted each for itself; complete after the pass. */
  unproved(): ReadonlySet<number>;
  /** The keys that fire at a setting. */
  reached(setting: Setting): readonly Reached[];
}

/** Entries that a tick looks at (docs/reference/zeek.md#expiry-rule, rule 4): up to here all tables of a window tick alike. */
const step = 5000;

/** Seconds by which an entry may outlive its window: a tick's interval, the cut stamp, the slack of sliding ones. */
const slack = 13;

/**
 * Counts a detection at all settings in one pass. A source counts at its first hit, and up to a key's first hit
 * its entry is the same at every threshold: so each window is counted once, with the highest threshold, and the
 * most that a key reached says at which thresholds it fires. That is the separate replay's result as long as
 * keys do not meet: in a table that is full, or in one that expires in steps (not a matter for sliding windows,
 * which look at the time themselves). Where this is not sure, `unproved` says so, and the pass is done again
 * with those windows in `separate`: a table for each setting.
 */
export function createTuning<Row>(
  settings: readonly Setting[],
  separate: ReadonlySet<number>,
): { readonly makeDetector: MakeDetector<Row>; readonly counted: Counted } {
  const windows = [...new Set(settings.map(({ window }) => window))];
  const shared = windows.filter((window) => !separate.has(window));
  const machines = new Map<string, Machine>();
  const crowds: { readonly window: number; readonly crowd: Crowd; readonly most: number }[] = [];
  const name = ({ window, threshold }: Setting): string => `${window} ${threshold}`;

  const makeDetector: MakeDetector<Row> = (detection, sharing, { clock }) => {
    const { keys, countedValue } = createKeyReader(detection, sharing);
    const all: Machine[] = [];
    const add = (setting: Setting, stops: boolean, least: number): Machine => {
      const machine = createMachine(detection, clock, keys, setting, stops, least);
      all.push(machine);
      return machine;
    };
    for (const window of shared) {
      const thresholds = settings.filter((one) => one.window === window).map(({ threshold }) => threshold);
      const machine = add({ window, threshold: Math.max(...thresholds) }, true, Math.min(...thresholds));
      for (const threshold of thresholds) machines.set(name({ window, threshold }), machine);
      const cap = detection.caps.keys;
      const most = detection.window.kind === "sliding" ? cap / 4 : Math.min(step, cap - 1);
      crowds.push({ window, most, crowd: createCrowd(window + slack) });
    }
    for (const setting of settings)
      if (separate.has(setting.window)) machines.set(name(setting), add(setting, false, setting.threshold));

    let counted = 0;
    return {
      count(event) {
        counted++;
        const now = clock.now();
        const key = keys.of(event);
        const value = countedValue(event);
        for (const { crowd } of crowds) crowd.see(keys.key(key), now);
        for (const machine of all) machine.observe(key, value, now);
      },
      summary: () => ({ detection: detection.name, counted, hits: 0, suppressed: 0, refused: 0 }),
      nearMisses() {
        for (const machine of all) machine.finish();
        return [];
      },
      nearMissesLeftOut: () => null,
    };
  };

  return {
    makeDetector,
    counted: {
      unproved: () =>
        new Set(crowds.filter(({ crowd, most }) => crowd.most() > most).map(({ window }) => window)),
      reached: (setting) => machines.get(name(setting))?.reached(setting.threshold) ?? [],
    },
  };
}

interface Machine {
  readonly observe: (key: number, value: ZeekValue, now: number) => void;
  readonly finish: () => void;
  readonly reached: (threshold: number) => readonly Reached[];
}

/**
 * @param stops a key that has reached the threshold is not looked at any more
 * @param least counts below it are of no interest
 */
function createMachine<Row>(
  detection: ZeekDetectionModel,
  clock: ZeekClock,
  keys: Keys<Row>,
  { threshold, window }: Setting,
  stops: boolean,
  least: number,
): Machine {
  const best = new Map<string, Reached>();
  /** Held for ever: a number taken by another key would be mistaken for it. */
  const done = new Set<number>();
  const note = (parts: readonly ZeekValue[], count: number, time: number): void => {
    if (count < least) return;
    const key = JSON.stringify(parts);
    const known = best.get(key);
    if (known === undefined || known.count < count) best.set(key, { parts, count, time });
  };
  const counter: Counter = createCounter(
    { ...detection, threshold, window: { kind: detection.window.kind, seconds: window } },
    clock,
    keys,
    (key, count, time) => note(keys.parts(key), count, time),
    () => undefined,
  );
  return {
    observe(key, value, now) {
      if (stops && done.has(key)) return;
      const outcome = counter.observe(key, value, now);
      if (typeof outcome !== "number") return;
      if (stops) {
        done.add(key);
        keys.hold(key);
      }
      note(keys.parts(key), outcome, now);
    },
    finish: () => counter.finish(),
    reached: (wanted) => [...best.values()].filter(({ count }) => count >= wanted),
  };
}

/** At least as many keys as any table of the window can hold at one time. */
interface Crowd {
  see(key: TableKey, now: number): void;
  most(): number;
}

function createCrowd(width: number): Crowd {
  let before = new Set<TableKey>();
  let current = new Set<TableKey>();
  let since = Number.NEGATIVE_INFINITY;
  let most = 0;
  return {
    see(key, now) {
      if (now - since >= width) {
        before = current;
        current = new Set();
        since = now;
      }
      current.add(key);
      most = Math.max(most, before.size + current.size);
    },
    most: () => most,
  };
}
