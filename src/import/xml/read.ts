/** Rules, decoders and ossec.conf of OSSEC and Wazuh as a draft. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { reasonOf } from "../../files/system-error.js";
import { findInputs } from "../../lint/host/find-inputs.js";
import type { InputFile } from "../../lint/input.js";
import { type LintOptions, type LintResult, lintFiles } from "../../lint/lint.js";
import type { Dialect } from "../../lint/model.js";
import { stockContent } from "../../lint/stock.js";
import type { SourceRange } from "../../ossec/xml/source.js";
import { codes } from "../codes.js";
import type { Draft, Imported, UnusedFile } from "../draft.js";
import type { ReadOptions, ReadSource } from "../source.js";
import { DetectionNames } from "../writer/identifiers.js";
import { staysOf } from "./conf.js";
import { draftOf } from "./draft.js";
import { FindingsByLine } from "./findings.js";

export const readOssec: ReadSource = (options) => readXmlFiles(options, "ossec");
export const readWazuh: ReadSource = (options) => readXmlFiles(options, "wazuh");

async function readXmlFiles(options: ReadOptions, dialect: Dialect): Promise<Imported> {
  const { diagnostics: problems, files: found, homes } = findInputs(options.paths.map(options.show));
  const diagnostics: Diagnostic[] = problems.map((one) => ({ ...one, code: codes.input.code }));
  for (const home of homes) {
    const conf = home === "." ? "etc/ossec.conf" : `${home.replace(/\/+$/, "")}/etc/ossec.conf`;
    if (!found.some(({ path }) => path === conf))
      diagnostics.push(
        codes.input(
          { file: conf, line: 1, column: 1 },
          "is missing or cannot be read: nothing says which rules the engine loads, and nothing can be proven",
          "Give the rule files themselves, in place of the home.",
        ),
      );
  }
  const lintOptions: LintOptions = {
    engine: options.engine ?? "4.3",
    dialect,
    closed: false,
    order: orderOf(options, found, diagnostics),
    homes,
    glob: null,
    // What is known of the stock rules has to be accepted in the bundle as well; comments tell of others alone.
    includeStock: true,
  };
  let files = found;
  let linted: LintResult = lintFiles(files, lintOptions);
  let unfixed: readonly InputFile[] | undefined;
  if (options.fix) {
    // What the engine itself refuses answers nothing that could be compared.
    if (!linted.findings.some(({ effect }) => effect === "refused")) unfixed = found;
    const { planFixes } = await import("../../lint/fixes.js");
    const plan = planFixes(linted, files, lintOptions);
    const fixed = new Map(plan.files.map(({ path, after }) => [path, Buffer.from(after, "latin1")]));
    files = files.map((file) => ({ ...file, bytes: fixed.get(file.path) ?? file.bytes }));
    diagnostics.push(...plan.diagnostics);
    for (const { path, count } of plan.files)
      diagnostics.push(
        codes.fixed(
          { file: path, line: 1, column: 1 },
          `comes over with ${count} safe ${count === 1 ? "fix" : "fixes"} of lint; the file stays as it is`,
          "To see them: zopf lint --fix-dry-run.",
        ),
      );
    linted = lintFiles(files, lintOptions);
  }
  diagnostics.push(...linted.diagnostics);
  diagnostics.push(...linted.findings.filter(({ effect }) => effect === "refused"));
  const { units } = linted;
  const [main, ...others] = units;
  // What an order leaves out the engine does not load: beside the others it would change what they answer.
  const isOrdered = main !== undefined && !main.alone && main.ordered;
  if (main !== undefined) diagnostics.push(...staysOf(main.loaded));
  const names = new DetectionNames();
  const sources = { findings: new FindingsByLine(linted.findings), homes, dialect, options };
  const {
    made: drafted,
    refused,
    left,
    imported,
  } = draftOf({ ...sources, units: isOrdered ? [main] : units }, names);
  const isWhole = left.length === 0;
  const old = {
    ...(isWhole ? { files } : { files: without(files, left), given: files }),
    imported,
    homes,
    plan: lintOptions,
    ...(unfixed === undefined ? {} : { unfixed }),
    ...(main === undefined || options.fix || !isWhole ? {} : { loaded: main.loaded }),
  };
  // Where an ossec.conf is, it has been decided what is loaded, and what is not.
  const isChosen = files.some(({ kind }) => kind === "conf");
  const notLoaded = isOrdered ? others.filter(({ loaded }) => !isChosen || !stockContent(loaded).any) : [];
  if (isChosen || drafted === null) {
    for (const { loaded } of notLoaded)
      for (const { file } of loaded.written.files.slice(0, 1))
        diagnostics.push(
          codes.notLoaded(
            { file, line: 1, column: 1 },
            "is not among the files that are loaded: it stays where it is",
            "To import it nevertheless, name it alone.",
          ),
        );
    return { draft: null, refused, diagnostics, ...drafted, old };
  }
  const unused = notLoaded.flatMap((unit): readonly UnusedFile[] => {
    const { made, left: own, imported } = draftOf({ ...sources, units: [unit] }, names);
    const read = new Set(unit.loaded.written.files.map(({ file }) => file));
    const kept = without(
      files.filter(({ path }) => read.has(path)),
      own,
    );
    const plan = { ...lintOptions, order: null };
    if (made === null) return [];
    if (made.compiled.ok) return [{ ...made, old: { files: kept, imported, homes, plan } }];
    for (const { severity, message, help, ...place } of made.compiled.diagnostics)
      if (severity === "error")
        diagnostics.push(codes.uncompiled(place, `a module of it does not compile: ${message}`, help));
    return [];
  });
  for (const { draft } of unused)
    for (const { name, detections, raw } of draft.modules) {
      const [first] = [...detections, ...raw];
      if (first === undefined) continue;
      const { file } = first.origin.place;
      diagnostics.push(
        codes.notLoaded(
          { file, line: 1, column: 1 },
          `is not named by ${lintOptions.order?.file ?? "the order"}: it becomes the module ${name} beside the bundle, which does not use it`,
          "To use it, spread its detections in the bundle.",
        ),
      );
    }
  return {
    draft: withUnused(drafted.draft, unused, lintOptions.order?.file ?? ""),
    compiled: drafted.compiled,
    diagnostics,
    old,
    unused,
  };
}

/** The files with blanks in these places; lines stay where they are. */
function without(files: readonly InputFile[], places: readonly SourceRange[]): readonly InputFile[] {
  return files.map((file) => {
    const own = places.filter(({ source }) => source.file === file.path);
    if (own.length === 0) return file;
    let text = Buffer.from(file.bytes).toString("latin1");
    for (const { start, end } of own)
      text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
    return { ...file, bytes: Buffer.from(text, "latin1") };
  });
}

/** The draft with modules for files that the order does not name. */
function withUnused(draft: Draft, unused: readonly UnusedFile[], order: string): Draft {
  if (unused.length === 0) return draft;
  const why = `Not part of the bundle: ${order} does not name the file.`;
  const names = unused.flatMap((one) => one.draft.modules.map(({ name }) => name)).join(", ");
  return {
    ...draft,
    comments: [
      ...draft.comments,
      `Beside it stands what ${order} does not name, and is not part of it: ${names}.`,
    ],
    unused: unused.flatMap((one) =>
      one.draft.modules.map((module) => ({ ...module, comments: [why, ...module.comments] })),
    ),
    refused: [...draft.refused, ...unused.flatMap((one) => one.draft.refused)],
  };
}

/**
 * Names of rule files in load order, one a line: of `--order`, else of a rules.txt in a folder that was given, where no
 * ossec.conf says it.
 */
function orderOf(
  { order, paths, show }: ReadOptions,
  files: readonly InputFile[],
  diagnostics: Diagnostic[],
): LintOptions["order"] {
  const found = files.some(({ kind }) => kind === "conf")
    ? undefined
    : paths.map((path) => join(path, "rules.txt")).find((path) => existsSync(path));
  const path = order ?? found;
  if (path === undefined) return null;
  try {
    const names = readFileSync(path, "utf8")
      .split(/\r?\n/)
      .map((name) => name.trim());
    return { file: show(path), names };
  } catch (error) {
    diagnostics.push(
      codes.input({ file: show(path), line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`),
    );
    return null;
  }
}
