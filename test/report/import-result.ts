/** An import in which every text is what a test wants it to be. */
import type { ImportResult } from "../../src/import/import.js";

export function importResult(text: () => string): ImportResult {
  const answer = { kind: "event", fields: [], rule: 100, level: 3, alert: true, asked: [] } as const;
  return {
    from: "ossec",
    refused: [
      { what: text(), place: { file: text(), line: 2, column: 3 }, reason: text(), help: text(), rules: [7] },
    ],
    draft: {
      settings: { name: "local", ossec: { home: "/var/ossec" }, neverBlock: [], ownAddresses: [] },
      comments: [],
      modules: [
        {
          name: "local",
          comments: [],
          constants: [],
          detections: [],
          raw: [
            {
              value: { name: "raw", rules: "" },
              comments: [],
              origin: { place: { file: text(), line: 1, column: 1 }, rules: [100] },
              because: text(),
            },
          ],
        },
      ],
      lists: [],
      responses: [],
      refused: [],
    },
    written: [{ path: text(), changed: true }],
    proof: {
      by: "engines",
      lines: 3,
      same: 2,
      differences: [
        {
          from: { kind: "log", file: text(), line: 4 },
          text: text(),
          time: 1,
          before: answer,
          after: { ...answer, fields: [["srcip", text()]] },
        },
      ],
      answered: 1,
      unproven: [{ rule: 100, reason: text() }],
      behaviour: { nowBlocked: [], noLongerBlocked: [], alertsBefore: 1, alertsAfter: 1 },
      diagnostics: [],
    },
    diagnostics: [],
  };
}
