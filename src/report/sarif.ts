/** SARIF 2.1.0, as code hosts read it. */
import { createHash } from "node:crypto";
import { version } from "../files/version.js";
import { docs } from "../lint/docs.js";
import type { PlacedFinding } from "../lint/finding.js";
import { findingKeys } from "../lint/fingerprints.js";
import { positionAt } from "../ossec/xml/source.js";

const levels = { error: "error", warning: "warning", info: "note" } as const;

/** A file as a URI: relative where it was given so. */
function uri(file: string): string {
  const encoded = file.split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${encoded}` : encoded;
}

function fingerprints(placed: readonly PlacedFinding[]): readonly string[] {
  return findingKeys(placed).map((key) => createHash("sha256").update(key).digest("hex").slice(0, 32));
}

function region(finding: PlacedFinding["finding"]) {
  const { line, column, endLine, endColumn } = finding;
  return {
    startLine: line,
    startColumn: column,
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

function fixes({ finding, fix }: PlacedFinding) {
  if (fix === null) return {};
  const replacements = fix.edits.map(({ place, text }) => {
    const start = positionAt(place.source, place.start);
    const end = positionAt(place.source, place.end);
    return {
      deletedRegion: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
      },
      insertedContent: { text: Buffer.from(text, "latin1").toString("utf8") },
    };
  });
  const artifactLocation = { uri: uri(finding.file) };
  return {
    fixes: [{ description: { text: fix.title }, artifactChanges: [{ artifactLocation, replacements }] }],
  };
}

export function findingsSarif(placed: readonly PlacedFinding[]): string {
  const used = [...new Set(placed.map(({ finding }) => finding.code))].sort();
  const marks = fingerprints(placed);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "zopf",
            version,
            informationUri: docs.home,
            rules: used.map((code) => docs.sarifRule(code)),
          },
        },
        columnKind: "unicodeCodePoints",
        results: placed.map((one, index) => {
          const { finding } = one;
          const text = finding.help === undefined ? finding.message : `${finding.message}\n${finding.help}`;
          return {
            ruleId: finding.code,
            ruleIndex: used.indexOf(finding.code),
            level: levels[finding.severity],
            message: { text },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uri(finding.file) },
                  region: region(finding),
                },
              },
            ],
            partialFingerprints: { "zopf/v1": marks[index] ?? "" },
            properties: {
              effect: finding.effect,
              ...(finding.trap === undefined ? {} : { trap: finding.trap }),
            },
            ...fixes(one),
          };
        }),
      },
    ],
  };
  return `${JSON.stringify(log)}\n`;
}
