import { basename } from "node:path";
import { analyses, isSensor, readsLog } from "../../model/hosts.js";
import type { DetectionModel, Model } from "../../model/model.js";
import { capacityRule } from "../../model/zeek-names.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { iplogReports } from "../iplog/lines.js";
import { renderer } from "../render.js";
import { compositeOf } from "./burst.js";
import { optionElements, parentElement } from "./conditions.js";
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
import { rawText } from "./raw.js";
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
  return [
    ...emitLists(model),
    // A decoder of the suite's own may take all lines: there is nothing left to decode then.
    ...(decoderNames(model).length === 0 && files.decoders.merge === "file"
      ? []
      : [
          file(
            files.decoders,
            `${render("local_decoder.xml", { bundle: model.name, decoders })}${rawText(model, "decoders")}`,
          ),
        ]),
    file(files.rules, rulesText(model)),
    conf(),
  ];
}

type Context = Readonly<Record<string, unknown>>;

/** Raw rules stand between the detections', which they can name, and those that can name them. */
function rulesText(model: Model): string {
  const { before, behind } = rules(model);
  const bundle = model.name;
  const raw = rawText(model, "rules");
  if (raw === "") return render("local_rules.xml", { bundle, groups: [...before, ...behind] });
  return `${render("local_rules.xml", { bundle, groups: before })}${raw}${render("local_rules.xml", { bundle: null, groups: behind })}`;
}

/**
 * One `<group>` per distinct list of names: the name ends in a comma, as group searches expect. Bursts and rules
 * about rules come last and in their order: each must stand behind what it is about (docs/reference/ossec.md#correlation).
 */
function rules(model: Model): { readonly before: readonly Context[]; readonly behind: readonly Context[] } {
  const groups = new Map<string, Context[]>();
  const behind: { readonly name: string; readonly rules: Context[] }[] = [];
  for (const detection of model.detections) {
    const { rule } = detection;
    const { groups: names, id, level, description, ignore = null } = rule;
    const name = `${(names.length === 0 ? ["zopf"] : names).join(",")},`;
    const { elements, ...attributes } = body(model, detection);
    const entry = {
      id,
      level,
      description,
      ignore,
      detection: detection.name,
      ...attributes,
      elements: [...elements, ...optionElements(rule)],
    };
    if (detection.kind === "burst" || detection.kind === "rule" || detection.kind === "sequence") {
      const last = behind.at(-1);
      if (last?.name === name) last.rules.push(entry);
      else behind.push({ name, rules: [entry] });
      continue;
    }
    const entries = groups.get(name);
    if (entries === undefined) groups.set(name, [entry]);
    else entries.push(entry);
  }
  const groupsOf = [...groups].map(([name, entries]) => ({ name, rules: entries }));
  return { before: [...groupsOf, ...capacityGroup(model)], behind };
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
      return { ...composite, elements: [plainElement(element, value)] };
    }
    case "sequence": {
      const { element, value, ...composite } = compositeOf(model, detection);
      return { ...composite, elements: [parentElement(detection.under), plainElement(element, value)] };
    }
    case "rule":
      return {
        ...plain,
        elements: [
          parentElement(detection.under),
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
  const own = decoderNames(model).length === 0 ? [] : [plainElement("decoder_include", decoders.place)];
  return { section: "ruleset", names: [...own, plainElement("rule_include", rules.place), ...lists] };
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
