import { jsonOf } from "../diagnostics/schema-version.js";
import type { HuntOutcome } from "../hunt/hunt.js";
import type { Varied } from "../hunt/vary.js";
import type { Paint } from "./diagnostics-text.js";

type Counts = NonNullable<HuntOutcome["counts"]>;

const number = (value: number): string => value.toLocaleString("en-US");

/** How much of an archive a hunt has looked at, for people. */
export function huntText({ rows, bytes, fetched, detections, lines }: Counts, paint: Paint): string {
  const size = bytes === null ? "" : ` (${(bytes / 1e6).toFixed(1)} MB of logs)`;
  const texts =
    lines === null || rows > 0 ? [`hunted in ${number(rows)} rows${size}; ${number(fetched)} fetched`] : [];
  for (const { detection, keys, candidates, rows: own } of detections) {
    const all = keys === null ? "" : ` of ${number(keys)}`;
    texts.push(`  ${detection}: ${number(candidates)}${all} keys are candidates, with ${number(own)} rows`);
  }
  if (lines !== null)
    texts.push(`hunted in ${number(lines.rows)} lines; ${number(lines.fetched)} fetched for OSSEC's rules`);
  return `${paint.dim(texts.join("\n"))}\n`;
}

/** The same as a line of JSON (schemas/hunt.schema.json), behind those of the replay. */
export function huntJson(counts: Counts): string {
  return jsonOf("hunt", { kind: "hunt", ...counts });
}

/** What each threshold would have found. */
export function variedText(varied: readonly Varied[]): string {
  const names = [...new Set(varied.map(({ detection }) => detection))];
  const tables = names.map((name) => {
    const rows = varied
      .filter(({ detection }) => detection === name)
      .map(({ threshold, notices, suppressed, sources, alerts, blocks }) =>
        [threshold, notices, suppressed, sources, alerts, blocks]
          .map((cell) => number(cell).padStart(11))
          .join(""),
      );
    return `${name}\n${["threshold", "notices", "suppressed", "sources", "alerts", "blocks"].map((head) => head.padStart(11)).join("")}\n${rows.join("\n")}\n`;
  });
  return tables.join("\n");
}

export function variedJson(varied: readonly Varied[]): string {
  return varied.map((one) => jsonOf("hunt", { kind: "varied", ...one })).join("");
}

/** Queries, as they are sent. */
export function queryText(purpose: string, sql: string): string {
  return `-- ${purpose.replace(/[\r\n]+/g, " ")}\n${sql};\n\n`;
}
