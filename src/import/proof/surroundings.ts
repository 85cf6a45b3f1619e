/**
 * What was there, and what was emitted in its place, each as the engine would load it: beside the rest of a home, or
 * alone, with the same stand-ins for what is not among the files.
 */
import { basename } from "node:path";
import { folderSource } from "../../files/folder-source.js";
import { type OssecSource, withFiles } from "../../files/ossec-source.js";
import { isBuiltIn } from "../../lint/elements.js";
import type { InputFile } from "../../lint/input.js";
import { dialectOf, planLoads } from "../../lint/plan.js";
import { mergedFiles } from "../../merge/merge-home.js";
import type { Model } from "../../model/model.js";
import type { LoadedOssec } from "../../ossec/definitions.js";
import { type LooseFile, latin1, loadLooseAs } from "../../ossec/load/index.js";
import type { EmittedFile } from "../../targets/file.js";
import { loadHome } from "../../targets/home.js";
import { dialectOf as dialectOfModel } from "../../targets/ossec/dialect.js";
import { listFile } from "../../targets/ossec/lists.js";
import { suiteFiles } from "../../targets/ossec/suite.js";
import type { Draft, OldFiles } from "../draft.js";
import { type StandIns, standInsFor } from "./stand-ins.js";

/** A bundle as it was compiled. */
export interface Emitted {
  readonly model: Model;
  readonly files: readonly EmittedFile[];
}

export interface Surroundings {
  readonly before: LoadedOssec;
  readonly after: LoadedOssec;
}

/**
 * @param home - the home whose own rules stand below the files; null: there is none, or the files are a home's own
 */
export function surroundingsOf(
  draft: Draft,
  emitted: Emitted,
  old: OldFiles,
  home: string | null,
  show: (path: string) => string,
): Surroundings | null {
  const [own] = old.homes;
  if (own !== undefined) return inHome(draft, emitted, old, own, show);
  return home === null ? alone(draft, emitted, old) : overHome(emitted, old, home, show);
}

function bytes(file: string, text: string): LooseFile {
  return { file, bytes: Buffer.from(text, "latin1") };
}

const outside = { decoders: "0000-outside_decoders.xml", rules: "0000-outside_rules.xml" };

/** Files without a home. */
function alone(
  draft: Draft,
  emitted: Emitted,
  { files, unfixed = files, plan, loaded }: OldFiles,
): Surroundings | null {
  const first = loaded ?? planLoads(unfixed, [], plan).units[0]?.loaded;
  const kept = withoutImported(draft, files);
  if (first === undefined) return null;
  const isWhole = first.rules.some((rule) => rule.id < 10 && !isBuiltIn(first.written.rule(rule).place));
  const standIns = isWhole ? null : standInsFor(first);
  if (standIns === null) return { before: first, after: emittedAlone(emitted, kept, null) };
  const more: readonly InputFile[] = [
    { path: outside.decoders, kind: "decoders", bytes: Buffer.from(standIns.decoders, "latin1") },
    { path: outside.rules, kind: "rules", bytes: Buffer.from(standIns.rules, "latin1") },
  ];
  const order = plan.order === null ? null : { ...plan.order, names: [outside.rules, ...plan.order.names] };
  const [again] = planLoads([...more, ...unfixed], [], { ...plan, order }).units;
  return again === undefined ? null : { before: again.loaded, after: emittedAlone(emitted, kept, standIns) };
}

/** What stays as it is: lists, which raw rules name, and the rest of ossec.conf. */
function withoutImported(draft: Draft, files: readonly InputFile[]): readonly InputFile[] {
  const responses = responsesOf(draft);
  return files.flatMap((file) => {
    if (file.kind === "list") return [file];
    return file.kind === "conf"
      ? [{ ...file, bytes: Buffer.from(withoutResponses(file, responses), "latin1") }]
      : [];
  });
}

function responsesOf({ responses }: Draft): ReadonlySet<string> {
  return new Set(responses.map(({ origin }) => `${origin.place.file}:${origin.place.line}`));
}

/** @param given - what stays beside it */
function emittedAlone(
  { model, files }: Emitted,
  given: readonly InputFile[],
  standIns: StandIns | null,
): LoadedOssec {
  const suite = suiteFiles(model);
  const own = (path: string): readonly LooseFile[] =>
    files
      .filter((file) => file.path === path)
      .map(({ content }) => ({ file: path, bytes: Buffer.from(content, "utf8") }));
  const ofKind = (wanted: InputFile["kind"]): readonly LooseFile[] =>
    given.flatMap(({ kind, path, bytes: content }) =>
      kind === wanted ? [{ file: path, bytes: content }] : [],
    );
  const beside = (file: string, text: string | undefined): readonly LooseFile[] =>
    text === undefined ? [] : [bytes(file, text)];
  return loadLooseAs(
    {
      decoders: [...beside(outside.decoders, standIns?.decoders), ...own(suite.decoders.path)],
      rules: [...beside(outside.rules, standIns?.rules), ...own(suite.rules.path)],
      conf: [...ofKind("conf").slice(0, 1), ...own(suite.conf.path)],
      lists: [
        ...model.lists.flatMap((list) => {
          const { path, place } = listFile(model, list);
          return own(path).map((file) => ({ ...file, file: place }));
        }),
        ...ofKind("list"),
      ],
    },
    dialectOfModel(model.ossec),
    { order: "given", open: true },
  );
}

/** What no line holds, and no file asks for. */
const never = "zopf import: the bundle stands in the place of this file";

/** Something has to be in a file of rules or decoders. */
const emptied = {
  rules: (id: number): string =>
    `<group name="none,"><rule id="${id}" level="0"><match>${never}</match><description>Imported.</description></rule></group>\n`,
  decoders: (id: number): string =>
    `<decoder name="zopf-import-none-${id}"><prematch>^${never}</prematch></decoder>\n`,
};

/** The files are part of a home, which goes on with the bundle in their place. */
function inHome(
  draft: Draft,
  { model, files: emitted }: Emitted,
  { files, given = files, imported, plan }: OldFiles,
  home: string,
  show: (path: string) => string,
): Surroundings {
  const dialect = dialectOf(plan);
  const source = folderSource(home, show);
  const responses = responsesOf(draft);
  const before = new Map<string, Uint8Array>();
  const changed = new Map<string, Uint8Array>();
  let id = 999_900;
  for (const [at, file] of files.entries()) {
    const below = belowHome(file.path, home);
    if (below === null) continue;
    if (given[at] !== file) before.set(below, file.bytes);
    if (file.kind === "conf") changed.set(below, Buffer.from(withoutResponses(file, responses), "latin1"));
    else if (imported.includes(file.path) && (file.kind === "rules" || file.kind === "decoders"))
      changed.set(below, Buffer.from(emptied[file.kind](id--), "latin1"));
  }
  const without = withFiles(source, changed);
  return {
    before: loadHome(model, before.size === 0 ? source : withFiles(source, before), dialect),
    after: loadHome(model, withFiles(without, mergedFiles(without, model, emitted, dialect)), dialect),
  };
}

function belowHome(path: string, home: string): string | null {
  const prefix = `${home.replace(/\/+$/, "")}/`;
  if (home === "." && !path.startsWith("/")) return path;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** The text of an ossec.conf without the responses that came over; lines stay where they are. */
function withoutResponses({ path, bytes: content }: InputFile, responses: ReadonlySet<string>): string {
  const text = latin1(content);
  return text.replace(/<active-response>[\s\S]*?<\/active-response>/g, (element, at: number) => {
    const line = text.slice(0, at).split("\n").length;
    return responses.has(`${path}:${line}`) ? element.replace(/[^\n]/g, " ") : element;
  });
}

/** Files that would be put into a home, or that lie in it already. */
function overHome(
  { model, files: made }: Emitted,
  { files, given = files, unfixed = files, plan }: OldFiles,
  home: string,
  show: (path: string) => string,
): Surroundings {
  const dialect = dialectOf(plan);
  const source = folderSource(home, show);
  const isWazuh = plan.dialect === "wazuh";
  const emptiedFiles = new Map<string, Uint8Array>();
  const there = new Map<string, Uint8Array>();
  const others = unfixed.filter((file, at) => {
    const place = placeIn(source, unfixed === files ? (given[at] ?? file) : file);
    if (place === null || (file.kind !== "rules" && file.kind !== "decoders")) return true;
    emptiedFiles.set(place, Buffer.from(emptied[file.kind](999_900 - emptiedFiles.size), "latin1"));
    there.set(place, file.bytes);
    return false;
  });
  const without = withFiles(source, emptiedFiles);
  const old = withFiles(source, there);
  return {
    before: loadHome(model, withFiles(old, addedTo(old, others, isWazuh)), dialect),
    after: loadHome(model, withFiles(without, mergedFiles(without, model, made, dialect)), dialect),
  };
}

/** Where the same file lies in a home; null: it does not. */
function placeIn(source: OssecSource, { path, kind, bytes: content }: InputFile): string | null {
  const name = basename(path);
  const places =
    kind === "rules" ? [`rules/${name}`, `etc/rules/${name}`] : [`etc/${name}`, `etc/decoders/${name}`];
  return (
    places.find((place) => {
      const there = source.read(place);
      return there instanceof Uint8Array && Buffer.compare(there, content) === 0;
    }) ?? null
  );
}

/** As their owner would put them there: Wazuh's into files of their own, OSSEC's into the local ones. */
function addedTo(
  source: OssecSource,
  given: readonly InputFile[],
  isWazuh: boolean,
): ReadonlyMap<string, Uint8Array> {
  const added = new Map<string, Uint8Array>();
  for (const { path, kind, bytes: content } of given) {
    if (kind !== "rules" && kind !== "decoders") continue;
    const place = isWazuh
      ? `etc/${kind}/${basename(path)}`
      : kind === "rules"
        ? "rules/local_rules.xml"
        : "etc/local_decoder.xml";
    const there = isWazuh ? null : (added.get(place) ?? source.read(place));
    const before = there instanceof Uint8Array ? [there, Buffer.from("\n")] : [];
    added.set(place, Buffer.concat([...before, content]));
  }
  return added;
}
