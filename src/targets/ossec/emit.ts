import { basename } from "node:path";
import { analyses, isSensor, readsLog } from "../../model/hosts.js";
import type { DetectionModel, Model, RawModel } from "../../model/model.js";
import { capacityRule } from "../../model/zeek-names.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { iplogReports } from "../iplog/lines.js";
import { renderer } from "../render.js";
import { compositeOf } from "./burst.js";
import { furtherElements, parentElements } from "./conditions.js";
import {
  decoderNames,
  decodersOf,
  iplogDecoderName,
  iplogExpiryDecoderName,
  jsonNotices,
  noticeDecoderName,
} from "./decoders.js";
import { type ElementContext, plainElement } from "./elements.js";
import { emitLists } from "./lists.js";
import { rawPart, rawText } from "./raw.js";
import { agentRepeats, responseBlocks, responseCommands } from "./responses.js";
import { installed, type SuiteFile, suiteFiles, suiteOf } from "./suite.js";
import { xmlEscapes } from "./text.js";

/** Escapes of the OSSEC templates. */
export const ossecEscapes = { ...sharedEscapes, ...xmlEscapes };

const render = renderer("ossec", ossecEscapes);

/** Decoders, rules and the blocks of ossec.conf. */
export function emitOssec(model: Model): readonly EmittedFile[] {
  if (model.detections.length + model.raw.length === 0) return [];
  const file = ({ path, place, merge }: SuiteFile, content: string): EmittedFile => ({
    path,
    content,
    mode: 0o640,
    target: `${model.ossec.home}/${place}`,
    ...installed(model.ossec),
    reader: "ossec",
    merge,
  });
  const files = suiteFiles(model);
  const settings = configuration(model);
  const conf = (): EmittedFile => file(files.conf, render("ossec.conf", settings));
  // An agent sends its lines to the server: nothing is decoded here.
  if (!analyses(model)) return settings.logs.length === 0 && settings.repeated === null ? [] : [conf()];
  const decoders = decodersOf(model);
  // Such a file is the bundle's alone, and defines no variables.
  const { namesFiles } = suiteOf(model.ossec);
  return [
    ...emitLists(model),
    // A decoder of the suite's own may take all lines: there is nothing left to decode then.
    ...(decoderNames(model).size === 0 && files.decoders.merge === "file"
      ? []
      : [
          file(
            files.decoders,
            `${render("local_decoder.xml", { bundle: model.name, decoders, literal: namesFiles })}${rawText(model, "decoders")}`,
          ),
        ]),
    // A file without a rule is none to the engine.
    ...(hasRules(model) ? [file(files.rules, rulesText(model))] : []),
    conf(),
  ];
}

function hasRules({ detections, raw }: Model): boolean {
  return detections.length > 0 || raw.some(({ rules }) => rules !== null);
}

type Context = Readonly<Record<string, unknown>>;

/** A piece of the file: rules of one list of groups, or raw XML. */
type Piece =
  | { readonly kind: "group"; readonly name: string; readonly rules: Context[] }
  | { readonly kind: "raw"; readonly text: string };

/** The rules in their order, raw XML among them. */
function rulesText(model: Model): string {
  const pieces = rulePieces(model);
  const literal = suiteOf(model.ossec).namesFiles;
  let first = true;
  const texts: string[] = [];
  for (let at = 0; at < pieces.length || first; ) {
    const run: Piece[] = [];
    for (let piece = pieces[at]; piece?.kind === "group"; piece = pieces[at]) {
      run.push(piece);
      at += 1;
    }
    if (first || run.length > 0)
      texts.push(render("local_rules.xml", { bundle: first ? model.name : null, groups: run, literal }));
    first = false;
    for (let piece = pieces[at]; piece?.kind === "raw"; piece = pieces[at]) {
      texts.push(piece.text);
      at += 1;
    }
  }
  return texts.join("");
}

/**
 * One `<group>` for rules that follow one another and have the same list of names: the name ends in a comma, as group
 * searches expect. The order is that of the Model: each stands behind what it is about, and of siblings the first that
 * fits is taken (docs/reference/ossec.md#place-in-the-tree).
 */
function rulePieces(model: Model): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (name: string, rule: Context): void => {
    const last = pieces.at(-1);
    if (last?.kind === "group" && last.name === name) last.rules.push(rule);
    else pieces.push({ kind: "group", name, rules: [rule] });
  };
  const raw = new Map<string | null, RawModel[]>();
  for (const one of model.raw) {
    const known = raw.get(one.before);
    if (known === undefined) raw.set(one.before, [one]);
    else known.push(one);
  }
  const addRaw = (before: string | null): void => {
    for (const one of raw.get(before) ?? []) {
      const text = rawPart(one, "rules");
      if (text !== null) pieces.push({ kind: "raw", text });
    }
  };
  const last = model.detections.findLastIndex(
    ({ kind }) => kind === "zeek" || kind === "iplog" || kind === "log",
  );
  for (const [index, detection] of model.detections.entries()) {
    addRaw(detection.name);
    const { rule } = detection;
    const {
      groups: names,
      id,
      level,
      description,
      ignore = null,
      overwrite,
      onlyParent,
      mitre = [],
      accept = [],
    } = rule;
    const { elements, ...attributes } = body(model, detection);
    add(`${(names.length === 0 ? ["zopf"] : names).join(",")},`, {
      id,
      level,
      description,
      ignore,
      overwrite,
      onlyParent,
      mitre: mitre.length === 0 ? null : mitre,
      detection: detection.name,
      accept: accept.length === 0 ? null : accept.join(" "),
      ...attributes,
      elements: [...elements, ...furtherElements(rule)],
    });
    if (index === last)
      for (const { name, rules } of capacityGroup(model)) for (const one of rules) add(name, one);
  }
  addRaw(null);
  return pieces;
}

/** The rule that lets the engine hear of full tables; each detection's notice ends so. */
function capacityGroup(
  model: Model,
): readonly { readonly name: string; readonly rules: readonly Context[] }[] {
  const rule = model.zeek?.capacity;
  if (rule === undefined || !model.detections.some(({ kind }) => kind === "zeek")) return [];
  const { id, level, description, groups } = rule;
  const ending = "_Capacity$";
  const json = jsonNotices(model);
  const elements =
    json === null
      ? [decodedAs(noticeDecoderName(model)), plainElement("id", ending)]
      : [
          decodedAs("json"),
          plainElement("field", ending, "note"),
          plainElement("location", `/${basename(json.file)}$`),
        ];
  const entry = {
    id,
    level,
    description,
    detection: capacityRule,
    ignore: null,
    frequency: null,
    timeframe: null,
    flags: [],
  };
  return [{ name: `${groups.join(",")},`, rules: [{ ...entry, elements }] }];
}

const decodedAs = (value: string): ElementContext => plainElement("decoded_as", value);

interface Body extends Context {
  readonly elements: readonly ElementContext[];
}

/** Attributes and elements of a rule. */
function body(model: Model, detection: DetectionModel): Body {
  const plain = { frequency: null, timeframe: null, flags: [] };
  const id = (value: string): ElementContext => plainElement("id", value);
  switch (detection.kind) {
    case "zeek": {
      const json = jsonNotices(model);
      if (json === null)
        return { ...plain, elements: [decodedAs(noticeDecoderName(model)), id(`^${detection.name}$`)] };
      // The log's own name: in another JSON log others may choose every field.
      const location = plainElement("location", `/${basename(json.file)}$`);
      const note = plainElement("field", `^${detection.note}$`, "note");
      return { ...plain, elements: [decodedAs("json"), note, location] };
    }
    case "iplog": {
      const reports = iplogReports.filter(({ scan }) => detection.scans.includes(scan));
      return {
        ...plain,
        elements: [
          decodedAs(detection.expired ? iplogExpiryDecoderName(model) : iplogDecoderName(model)),
          id(reports.map((one) => `^${one.id}$`).join("|")),
        ],
      };
    }
    case "log":
      return {
        ...plain,
        flags: detection.firstTime === undefined ? [] : ["if_fts"],
        elements: [
          decodedAs(detection.decoder.name),
          ...detection.conditions.map(suiteOf(model.ossec).condition),
        ],
      };
    case "burst": {
      const { element, value, ...composite } = compositeOf(model, detection);
      return {
        ...composite,
        elements: [plainElement(element, value), ...detection.conditions.map(suiteOf(model.ossec).condition)],
      };
    }
    case "sequence": {
      const { element, value, ...composite } = compositeOf(model, detection);
      return {
        ...composite,
        elements: [
          ...parentElements(detection.under),
          plainElement(element, value),
          ...detection.conditions.map(suiteOf(model.ossec).condition),
        ],
      };
    }
    case "rule":
      return {
        ...plain,
        flags: detection.firstTime === undefined ? [] : ["if_fts"],
        elements: [
          ...parentElements(detection.under),
          ...detection.conditions.map(suiteOf(model.ossec).condition),
        ],
      };
  }
}

function configuration(
  model: Model,
): Context & { readonly logs: readonly Context[]; readonly repeated: string | null } {
  const logs = logsOf(model);
  const { suite, whiteList, expects, namesFiles } = suiteOf(model.ossec);
  const entries = (analyses(model) ? model.neverBlock : []).map(({ network, name }) => ({
    name,
    network,
    entry: whiteList(network),
  }));
  return {
    bundle: model.name,
    suite,
    expects,
    namesFiles: namesFiles && analyses(model),
    files: analyses(model) ? namedFiles(model) : null,
    executable: model.ossec.executable,
    neverBlock: entries.filter(({ entry }) => entry !== null),
    scriptOnly: entries.filter(({ entry }) => entry === null),
    logs: [...logs].map(([file, what]) => ({ file, what, json: file === jsonNotices(model)?.file })),
    commands: responseCommands(model).map((one, index) => ({ ...one, gap: index > 0 })),
    responses: responseBlocks(model),
    repeated: agentRepeats(model),
  };
}

/** The section that names the bundle's lists, and its rules and decoders where they have files of their own. */
function namedFiles(model: Model): Context | null {
  const { decoders, rules } = suiteFiles(model);
  const lists = model.lists.map(({ path }) => plainElement("list", path));
  if (!suiteOf(model.ossec).namesFiles) return lists.length === 0 ? null : { section: "rules", names: lists };
  const own = decoderNames(model).size === 0 ? [] : [plainElement("decoder_include", decoders.place)];
  return {
    section: "ruleset",
    names: [...own, ...(hasRules(model) ? [plainElement("rule_include", rules.place)] : []), ...lists],
  };
}

/** Files that OSSEC follows on this host. */
function logsOf(model: Model): ReadonlyMap<string, string> {
  const logs = new Map<string, string>();
  const sensor = isSensor(model);
  if (sensor && model.zeek !== null && model.detections.some(({ kind }) => kind === "zeek"))
    logs.set(model.zeek.noticeLog.file, "Notices of Zeek.");
  for (const detection of model.detections)
    if (sensor && detection.kind === "iplog" && !logs.has(detection.log))
      logs.set(detection.log, "Reports of iplog.");
    else if (
      detection.kind === "log" &&
      detection.log !== null &&
      readsLog(model, detection) &&
      !logs.has(detection.log)
    )
      logs.set(detection.log, `Lines of ${detection.name}.`);
  return logs;
}
