import { allDiagnostics, behaviourText, changesOf, type DiffResult, named } from "../diff.js";
import { byMeaning } from "../html/diff-data.js";
import { htmlText } from "../html/markup.js";
import { fenced, lineCode, lineText } from "./text.js";

/** For the comment on a pull request. */
export function diffMarkdown(result: DiffResult): string {
  const changes = changesOf(result);
  const names = result.reports.map(({ bundle }) => lineCode(bundle)).join(", ");
  if (changes.length === 0 && result.reports.every(({ behaviour }) => behaviour === null))
    return allDiagnostics(result).some(({ severity }) => severity === "error")
      ? `### zopf: ${names}: could not be compared\n\n${fenced(
          allDiagnostics(result)
            .map(({ file, line, message }) => `${file}:${line} ${message}`)
            .join("\n"),
          "text",
        )}`
      : `### zopf: ${names}: no differences\n`;
  const weaker = changes.filter(({ weakens }) => weakens).length;
  const rows = byMeaning(changes).map(
    (one) =>
      `| ${one.kind} | ${lineText(named(one))}${one.weakens ? " **weakens**" : one.strengthens ? " **weaker there now**" : ""} | ${lineCode(one.file)} |\n`,
  );
  const patches = changes.flatMap(({ patch, file }) =>
    patch === undefined
      ? []
      : [
          `<details><summary><code>${htmlText(file.replace(/\s+/g, " "))}</code></summary>\n\n${fenced(patch, "diff")}\n</details>\n`,
        ],
  );
  const behaviours = result.reports.flatMap(({ behaviour }) =>
    behaviour === null ? [] : [`\n${fenced(behaviourText(behaviour), "text")}`],
  );
  return [
    `### zopf: ${names}: ${changes.length} ${changes.length === 1 ? "difference" : "differences"}${weaker > 0 ? `, **${weaker} weaken${weaker === 1 ? "s" : ""} the defence**` : ""}\n\n`,
    ...(rows.length === 0 ? [] : ["| | what | file |\n| --- | --- | --- |\n", ...rows, "\n"]),
    ...patches,
    ...behaviours,
  ].join("");
}
