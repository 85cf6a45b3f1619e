import { analyses, isSensor } from "../../model/hosts.js";
import type { DetectionModel, Model } from "../../model/model.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { iplogReports } from "../iplog/lines.js";
import { renderer } from "../render.js";
import { compositeOf } from "./burst.js";
import { decoders, iplogDecoderName, iplogExpiryDecoderName, noticeDecoderName } from "./decoders.js";
import { responseBlocks, responseCommands } from "./responses.js";
import { xmlEscapes } from "./text.js";

/** Escapes of the OSSEC templates. */
export const ossecEscapes = { ...sharedEscapes, ...xmlEscapes };

const render = renderer("ossec", ossecEscapes);

/** Decoders, rules and the blocks of ossec.conf. */
export function emitOssec(model: Model): readonly EmittedFile[] {
  if (model.detections.length === 0) return [];
  const { home } = model.ossec;
  const file = (path: string, target: string, content: string): EmittedFile => ({
    path: `ossec/${path}`,
    content,
    mode: 0o640,
    target: `${home}/${target}`,
    owner: "root:ossec",
    reader: "ossec",
    reload: [[`${home}/bin/ossec-control`, "restart"]],
    merge: "append",
  });
  const settings = configuration(model);
  const conf = (): EmittedFile => file("ossec.conf", "etc/ossec.conf", render("ossec.conf", settings));
  // An agent sends its lines to the server: nothing is decoded here.
  if (!analyses(model)) return settings.logs.length === 0 ? [] : [conf()];
  return [
    file("local_decoder.xml", "etc/local_decoder.xml", render("local_decoder.xml", decoders(model))),
    file("local_rules.xml", "rules/local_rules.xml", render("local_rules.xml", rules(model))),
    conf(),
  ];
}

type Context = Readonly<Record<string, unknown>>;

/**
 * One `<group>` per distinct list of names: the name ends in a comma, as group searches expect. Bursts come last
 * and in their order: a composite must stand behind what it counts (spec/ossec.md 8).
 */
function rules(model: Model): Context {
  const groups = new Map<string, Context[]>();
  const behind: { readonly name: string; readonly rules: Context[] }[] = [];
  for (const detection of model.detections) {
    const { groups: names, id, level, description } = detection.rule;
    const name = `${(names.length === 0 ? ["zopf"] : names).join(",")},`;
    const entry = { id, level, description, detection: detection.name, ...body(model, detection) };
    if (detection.kind === "burst") {
      const last = behind.at(-1);
      if (last?.name === name) last.rules.push(entry);
      else behind.push({ name, rules: [entry] });
      continue;
    }
    const entries = groups.get(name);
    if (entries === undefined) groups.set(name, [entry]);
    else entries.push(entry);
  }
  return {
    bundle: model.name,
    groups: [...[...groups].map(([name, entries]) => ({ name, rules: entries })), ...behind],
  };
}

/** Attributes and elements of a rule. */
function body(model: Model, detection: DetectionModel): Context {
  const plain = { frequency: null, timeframe: null, flags: [] };
  const decodedAs = (value: string) => ({ element: "decoded_as", field: null, value });
  const id = (value: string) => ({ element: "id", field: null, value });
  switch (detection.kind) {
    case "zeek":
      return { ...plain, elements: [decodedAs(noticeDecoderName(model)), id(`^${detection.name}$`)] };
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
      return { ...plain, elements: [decodedAs(detection.decoder.name), ...detection.conditions] };
    case "burst": {
      const { element, value, ...composite } = compositeOf(model.ossec, detection);
      return { ...composite, elements: [{ element, field: null, value }] };
    }
  }
}

function configuration(model: Model): Context & { readonly logs: readonly Context[] } {
  const logs = isSensor(model) ? logsOf(model) : new Map<string, string>();
  return {
    bundle: model.name,
    executable: model.ossec.executable,
    neverBlock: analyses(model) ? model.neverBlock : [],
    logs: [...logs].map(([file, what]) => ({ file, what })),
    commands: responseCommands(model).map((one, index) => ({ ...one, gap: index > 0 })),
    responses: responseBlocks(model),
  };
}

/** Files that OSSEC follows on the sensor. */
function logsOf(model: Model): ReadonlyMap<string, string> {
  const logs = new Map<string, string>();
  if (model.zeek !== null && model.detections.some(({ kind }) => kind === "zeek"))
    logs.set(model.zeek.noticeLog.file, "Notices of Zeek.");
  for (const detection of model.detections)
    if (detection.kind === "iplog" && !logs.has(detection.log)) logs.set(detection.log, "Reports of iplog.");
    else if (detection.kind === "log" && detection.log !== null && !logs.has(detection.log))
      logs.set(detection.log, `Lines of ${detection.name}.`);
  return logs;
}
