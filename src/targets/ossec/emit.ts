import { analyses, type BlockPlace, blockPlaces, isSensor } from "../../model/hosts.js";
import type { DetectionModel, Model, ResponseModel } from "../../model/model.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { iplogReports } from "../iplog/lines.js";
import { renderer } from "../render.js";
import { decoders, iplogDecoderName, noticeDecoderName } from "./decoders.js";
import { xmlEscapes } from "./text.js";

/** Escapes of the OSSEC templates. */
export const ossecEscapes = { ...sharedEscapes, ...xmlEscapes };

const render = renderer("ossec", ossecEscapes);

/** An id list of this many rules stays far below the reader's limit for one value (spec/ossec.md 2). */
const idsPerResponse = 500;

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

/** One `<group>` per distinct list of names: the name ends in a comma, as group searches expect. */
function rules(model: Model): Context {
  const groups = new Map<string, Context[]>();
  for (const detection of model.detections) {
    const { groups: names, id, level, description } = detection.rule;
    const name = `${(names.length === 0 ? ["zopf"] : names).join(",")},`;
    const entry = { id, level, description, detection: detection.name, ...condition(model, detection) };
    const entries = groups.get(name);
    if (entries === undefined) groups.set(name, [entry]);
    else entries.push(entry);
  }
  return {
    bundle: model.name,
    groups: [...groups].map(([name, entries]) => ({ name, rules: entries })),
  };
}

function condition(model: Model, detection: DetectionModel): Context {
  switch (detection.kind) {
    case "zeek":
      return { decoder: noticeDecoderName(model), match: `^${detection.name}$` };
    case "iplog": {
      const reports = iplogReports.filter(({ scan }) => detection.scans.includes(scan));
      return {
        decoder: iplogDecoderName(model),
        match: reports.map(({ id }) => `^${id}$`).join("|"),
      };
    }
  }
}

function configuration(model: Model): Context & { readonly logs: readonly Context[] } {
  const { command, executable } = model.ossec;
  const logs = isSensor(model) ? logsOf(model) : new Map<string, string>();
  const places = blockPlaces(model);
  const blocks = places.length === 0 ? [] : model.responses;
  return {
    bundle: model.name,
    command,
    executable,
    neverBlock: analyses(model) ? model.neverBlock : [],
    logs: [...logs].map(([file, what]) => ({ file, what })),
    responses: blocks.flatMap((response) =>
      responseBlocks(command, response).flatMap((block) =>
        places.map((place) => ({ ...block, ...located(block.what, place) })),
      ),
    ),
  };
}

/** Files that OSSEC follows on the sensor. */
function logsOf(model: Model): ReadonlyMap<string, string> {
  const logs = new Map<string, string>();
  if (model.zeek !== null && model.detections.some(({ kind }) => kind === "zeek"))
    logs.set(model.zeek.noticeLog.file, "Notices of Zeek.");
  for (const detection of model.detections)
    if (detection.kind === "iplog" && !logs.has(detection.log)) logs.set(detection.log, "Reports of iplog.");
  return logs;
}

/** Where the script of a block runs, in the configuration's words (spec/ossec.md 11). */
function located(what: string, place: BlockPlace): Context {
  switch (place.kind) {
    case "local":
      return { what, location: "local", agent: null };
    case "server":
      return { what: `${what} On ${place.host.name}.`, location: "server", agent: null };
    case "agent":
      return { what: `${what} On ${place.host.name}.`, location: "defined-agent", agent: place.agent };
  }
}

interface ResponseBlock extends Context {
  readonly what: string;
}

function responseBlocks(command: string, response: ResponseModel): readonly ResponseBlock[] {
  const { when, seconds } = response;
  if (when.kind === "level") {
    const what = `Blocks the source of every alert from level ${when.level} up, those of the stock rules too.`;
    return [{ command, what, ruleIds: null, level: when.level, seconds }];
  }
  const blocks: ResponseBlock[] = [];
  for (let first = 0; first < when.ruleIds.length; first += idsPerResponse) {
    const ruleIds = when.ruleIds.slice(first, first + idsPerResponse).join(",");
    const names = when.detections.slice(first, first + 5).join(", ");
    const more = when.detections.length > first + 5 ? " and others" : "";
    blocks.push({ command, what: `Blocks the source of ${names}${more}.`, ruleIds, level: null, seconds });
  }
  return blocks;
}
