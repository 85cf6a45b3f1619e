import type { Coverage } from "../../lint/coverage.js";
import type { Finding } from "../../lint/finding.js";
import { type Column, counted, type Row, type TableData, type Tone } from "./table.js";

export interface LintData {
  readonly kind: "lint";
  readonly findings: readonly Pick<
    Finding,
    "effect" | "file" | "line" | "column" | "message" | "help" | "code"
  >[];
  readonly coverage: PageCoverage | null;
}

/** Coverage with the first of the lines that no decoder took. */
export interface PageCoverage extends Pick<Coverage, "things" | "undecoded" | "lost"> {
  readonly moreUndecoded: number;
}

/** Findings with a part of their own, at most. */
export const mostParts = 1000;

export const findingId = (index: number): string => `finding-${index}`;

export const effectTones = {
  refused: "bad",
  dead: "bad",
  dangerous: "alert",
  misread: "notice",
  style: "plain",
} as const satisfies Readonly<Record<Finding["effect"], Tone>>;

export function lintTables({ findings, coverage }: LintData): readonly TableData[] {
  return [findingsTable(findings), ...(coverage === null ? [] : coverageTables(coverage))];
}

function findingsTable(findings: LintData["findings"]): TableData {
  return {
    id: "findings",
    caption: "Every finding",
    columns: [
      { title: "Where", kind: "path" },
      { title: "Effect", kind: "choice" },
      { title: "What", kind: "text" },
      { title: "What to do", kind: "text" },
      { title: "Rule", kind: "choice" },
    ],
    rows: findings.map(
      ({ effect, file, line, column, message, help, code }, index): Row => ({
        cells: [`${file}:${line}:${column}`, effect, message, help ?? null, code],
        tone: effectTones[effect],
        ...(index < mostParts ? { part: findingId(index) } : {}),
      }),
    ),
    empty: "Nothing was found.",
  };
}

const place: Column = { title: "Where", kind: "path" };

function coverageTables({ things, undecoded, moreUndecoded, lost }: PageCoverage): readonly TableData[] {
  return [
    {
      id: "covered",
      caption: "Rules and decoders, and how many lines reached them",
      columns: [
        { title: "Name", kind: "code" },
        { title: "Kind", kind: "choice" },
        { title: "Matched", kind: "number" },
        { title: "Reported", kind: "number" },
        place,
      ],
      rows: things.map(({ name, kind, matched, reported, file, line }) => ({
        cells: [name, kind, matched, kind === "rule" ? reported : null, `${file}:${line}`],
        tone: matched > 0 ? "good" : "plain",
      })),
      empty: "There are no rules and decoders.",
    },
    {
      id: "lost",
      caption: "Rules that always lose to a sibling",
      columns: [
        { title: "Rule", kind: "code" },
        { title: "Lines", kind: "number" },
        { title: "Taken by", kind: "text" },
        place,
      ],
      rows: lost.map(({ rule, lines, to, file, line }) => ({
        cells: [
          String(rule),
          lines,
          to.map(({ rule: by, lines: some }) => `${by} (${some})`).join(", "),
          `${file}:${line}`,
        ],
        tone: "alert",
      })),
      empty: "No rule always loses to a sibling.",
    },
    {
      id: "undecoded",
      caption: "Lines that no decoder took",
      columns: [place, { title: "Line", kind: "path" }],
      rows: undecoded.map(({ file, line, text }) => ({ cells: [`${file}:${line}`, text] })),
      empty: "A decoder took every line.",
      ...(moreUndecoded === 0 ? {} : { note: `${counted(moreUndecoded, "more line")} are not listed.` }),
    },
  ];
}
