import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ResponseEvent, TimelineEvent } from "../replay/timeline.js";
import type { Expectation, ExpectationKind } from "./case-file.js";
import { valueRange } from "./json-property.js";
import type { Observed } from "./run.js";

/** Expectations that say exactly what was seen, one for each kind, detection or rule, and source. */
export function expectationsOf(
  seen: readonly TimelineEvent[],
): Partial<Record<ExpectationKind, readonly Expectation[]>> {
  const kinds: Record<ExpectationKind, Map<string, Expectation>> = {
    notices: new Map(),
    alerts: new Map(),
    blocks: new Map(),
    unblocks: new Map(),
    refused: new Map(),
  };
  for (const event of seen) {
    if (event.kind === "response") continue;
    const [kind, expectation] = describe(event);
    const key = JSON.stringify(expectation);
    const known = kinds[kind].get(key);
    kinds[kind].set(key, { ...expectation, exactly: (known?.exactly ?? 0) + 1 });
  }
  const result: Partial<Record<ExpectationKind, readonly Expectation[]>> = {};
  for (const kind of ["notices", "alerts", "blocks", "unblocks", "refused"] as const)
    if (kinds[kind].size > 0) result[kind] = [...kinds[kind].values()];
  return result;
}

function describe(event: Exclude<TimelineEvent, ResponseEvent>): readonly [ExpectationKind, Expectation] {
  const source = event.source === null ? {} : { source: event.source };
  const where = "target" in event && event.target !== undefined ? { target: event.target } : {};
  switch (event.kind) {
    case "notice":
      return ["notices", { ...(event.detection === null ? {} : { detection: event.detection }), ...source }];
    case "alert":
      return ["alerts", { rule: event.rule, level: event.level, ...source }];
    case "block":
      return [
        "blocks",
        { ...source, ...where, ...(event.until === null ? {} : { for: `${event.until - event.time} sec` }) },
      ];
    case "unblock":
      return ["unblocks", { ...source, ...where }];
    case "refused":
      return ["refused", { ...source, ...where, reason: event.reason }];
  }
}

/**
 * Writes what was seen into a case that does not say so; every byte outside its `expect` stays. Null when the
 * case is right as it is: what it leaves open on purpose (`atLeast`, no source) is not filled in.
 */
export function updateCase({ path, seen, failed }: Observed): string | null {
  if (!failed) return null;
  const text = readFileSync(path, "utf8");
  const range = valueRange(text, "expect");
  if (range === null) return null;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const [start, end] = range;
  const updated = text.slice(0, start) + written(expectationsOf(seen), newline) + text.slice(end);
  if (updated === text) return null;
  const aside = `${path}.zopf-${process.pid}.tmp`;
  writeFileSync(aside, updated);
  renameSync(aside, path);
  return path;
}

/** One line an expectation, so that a comparison of versions shows which of them changed. */
function written(expect: Partial<Record<ExpectationKind, readonly Expectation[]>>, newline: string): string {
  const kinds = Object.entries(expect).map(([kind, expectations]) => {
    const lines = expectations.map((one) => {
      const properties = Object.entries(one).map(
        ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
      );
      return `      { ${properties.join(", ")} }`;
    });
    return `    ${JSON.stringify(kind)}: [${newline}${lines.join(`,${newline}`)}${newline}    ]`;
  });
  return kinds.length === 0 ? "{}" : `{${newline}${kinds.join(`,${newline}`)}${newline}  }`;
}
