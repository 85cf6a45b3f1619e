/**
 * Lint of the stock rule set, and of ten copies with renumbered ids: CPU seconds of each, and their ratio.
 * Run: node --import tsx bench/lint.ts
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findInputs } from "../src/lint/host/find-inputs.js";
import type { InputFile } from "../src/lint/input.js";
import { lintFiles } from "../src/lint/lint.js";

const folder = fileURLToPath(new URL("../../shared/ossec-ruleset", import.meta.url));

/** Ids of copy N are N * 100000 higher; the category roots stay one. */
function renumber(text: string, copy: number): string {
  const moved = (id: string): string => (Number(id) < 10 ? id : String(Number(id) + copy * 100_000));
  return text
    .replace(
      /(<rule\b[^>]*\bid=")(\d+)(")/g,
      (_, open: string, id: string, close: string) => open + moved(id) + close,
    )
    .replace(
      /(<if_(?:matched_)?sid>)([^<]*)</g,
      (_, open: string, ids: string) => `${open}${ids.replace(/\d+/g, moved)}<`,
    );
}

function measure(files: readonly InputFile[], names: readonly string[]): number {
  const before = process.cpuUsage().user;
  const { summary } = lintFiles(files, {
    engine: "4.3",
    dialect: "ossec",
    closed: true,
    order: { file: "order", names },
    glob: null,
  });
  const seconds = (process.cpuUsage().user - before) / 1e6;
  console.log(`${files.length} files, ${seconds.toFixed(2)} s CPU, ${JSON.stringify(summary)}`);
  return seconds;
}

if (!existsSync(folder)) console.log("skipped: shared/ossec-ruleset is not here");
else {
  const { files } = findInputs([folder]);
  const names = readFileSync(path.join(folder, "rules.txt"), "utf8").trim().split("\n");
  const listed = files.filter((file) => file.kind === "decoders" || names.includes(path.basename(file.path)));
  const copies = Array.from({ length: 10 }, (_, copy) => copy).flatMap((copy) =>
    listed
      .filter(
        (file) => copy === 0 || (file.kind === "rules" && path.basename(file.path) !== "rules_config.xml"),
      )
      .map((file) => ({
        ...file,
        path: copy === 0 ? file.path : `${file.path.slice(0, -4)}_${copy}_rules.xml`,
        bytes:
          copy === 0
            ? file.bytes
            : Buffer.from(renumber(Buffer.from(file.bytes).toString("latin1"), copy), "latin1"),
      })),
  );
  const order = Array.from({ length: 10 }, (_, copy) => copy).flatMap((copy) =>
    names
      .filter((name) => copy === 0 || name !== "rules_config.xml")
      .map((name) => (copy === 0 ? name : `${name.slice(0, -4)}_${copy}_rules.xml`)),
  );
  measure(listed, names);
  const one = measure(listed, names);
  const ten = measure(copies, order);
  console.log(`ten copies take ${(ten / one).toFixed(1)} times one`);
}
