import type { CaseResult } from "../../cases/run.js";
import type { PageEvents } from "./replay-data.js";
import type { Row, TableData } from "./table.js";

/** An expectation that does not hold, on the axis of time. */
export interface PageExpectation {
  readonly text: string;
  readonly source: string | null;
  /** null: from the beginning, to the end. */
  readonly from: number | null;
  readonly until: number | null;
}

/** The events are those of a failed case. */
export interface PageCase extends Pick<CaseResult, "bundle" | "case" | "status" | "failures">, PageEvents {
  readonly description: string | null;
  readonly missed: readonly PageExpectation[];
  /** Why detections that the case misses were silent. */
  readonly causes: readonly string[];
}

export interface TestData {
  readonly kind: "test";
  readonly cases: readonly PageCase[];
}

export const caseId = (index: number): string => `case-${index}`;

export function testTables({ cases }: TestData): readonly TableData[] {
  return [
    {
      id: "cases",
      caption: "Every case",
      columns: [
        { title: "Case", kind: "code" },
        { title: "Bundle", kind: "choice" },
        { title: "Outcome", kind: "choice" },
        { title: "What it is about", kind: "text" },
      ],
      rows: cases.map(
        ({ case: name, bundle, status, description }, index): Row => ({
          cells: [name, bundle, status, description],
          tone: status === "passed" ? "good" : "bad",
          ...(status === "failed" ? { part: caseId(index) } : {}),
        }),
      ),
      empty: "There is no case.",
    },
  ];
}
