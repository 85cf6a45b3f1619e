import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type {
  DetectionModel,
  LogDecoderModel,
  Model,
  OssecModel,
  ResponseModel,
  RuleModel,
  ZeekDetectionModel,
  ZeekModel,
} from "../../model/model.js";
import type { LoadedBundle } from "../load/index.js";
import type { RuleIds } from "../lockfile.js";
import { checkBlockable } from "./blockable.js";
import { type ReadBurst, readBurst } from "./burst.js";
import { linkBursts } from "./bursts.js";
import { codes } from "./codes.js";
import { showDuration } from "./duration.js";
import {
  child,
  type Field,
  isObject,
  isPlain,
  type LinkContext,
  readBoolean,
  readList,
  readObject,
  readOneOf,
  rootField,
} from "./field.js";
import { checkTimeouts, readFirewalls } from "./firewalls.js";
import { createFunctions } from "./functions.js";
import { checkSensors, readIplog } from "./iplog.js";
import { type Capture, readLog, withSharedDecoder } from "./log.js";
import { moduleName, readBundleName, readDetectionName } from "./names.js";
import { hasNoEntry, readNetwork, readNeverBlock } from "./network.js";
import { type LinkedOssec, readOssec } from "./ossec.js";
import { checkOwnAddresses } from "./own-addresses.js";
import { armedDetections, readResponses } from "./responses.js";
import { readRule } from "./rule.js";
import { assignRuleIds, localIds } from "./rule-ids.js";
import { readPreset, readScan, ruleDefaults } from "./scan.js";
import { checkTargets, readTargets } from "./targets.js";
import { readNoticeKey, readPath } from "./texts.js";
import { victimTrouble } from "./victim.js";
import { readZeekDetection, type UnlinkedZeekDetection } from "./zeek-detection.js";

export type LinkResult =
  | {
      readonly ok: true;
      readonly model: Model;
      /** Rule ids that were chosen for this bundle: they go into the lock file. */
      readonly lock: RuleIds;
      /** Warnings. */
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Zeek ends a suppression at a table tick, up to this many seconds later than asked (spec/zeek.md 4.2). */
const tick = 10;
const defaultSuppression = 300;

/** Decides every name and number once: the bundle as the user wrote it becomes the Model. */
export function link(bundle: LoadedBundle, locked: ReadonlyMap<string, RuleIds>): LinkResult {
  const diagnostics: Diagnostic[] = [];
  const context: LinkContext = { locator: bundle, diagnostics };
  const { value } = bundle;
  const model =
    isObject(value) && isPlain(context, value, rootField(context, value))
      ? linkBundle(context, bundle, value, locked)
      : null;
  const failed = model === null || diagnostics.some(({ severity }) => severity === "error");
  return failed ? { ok: false, diagnostics } : { ok: true, ...model, diagnostics };
}

function linkBundle(
  context: LinkContext,
  bundle: LoadedBundle,
  value: object,
  locked: ReadonlyMap<string, RuleIds>,
): { readonly model: Model; readonly lock: RuleIds } | null {
  const root = rootField(context, value);
  const name = readBundleName(context, child(context, root, "name"));
  const ossec = readOssec(context, child(context, root, "ossec"), name ?? "bundle");
  const zeekField = child(context, root, "zeek");
  const zeek =
    zeekField.value === undefined
      ? null
      : readZeek(context, zeekField, name ?? "bundle", ossec?.model.dialect ?? "ossec");
  const firewalls = readFirewalls(context, child(context, root, "firewall"));
  const neverBlockField = child(context, root, "neverBlock");
  const neverBlock = readNeverBlock(context, neverBlockField);
  const detectionFields = readList(context, child(context, root, "detections"));
  if (detectionFields === null) return null;
  if (detectionFields.length === 0)
    context.diagnostics.push(
      codes.missing(child(context, root, "detections").span(), "the bundle has no detections"),
    );
  const { detections, known, captures, lock } = linkDetections(context, bundle, detectionFields, {
    name: name ?? "bundle",
    ossec,
    module: moduleName(name ?? "bundle"),
    hasZeek: zeekField.value !== undefined,
    first: ossec?.first ?? localIds.least,
    locked,
  });
  const unsuppressed = detections.map(({ detection }) => detection);
  const targetsField = child(context, root, "targets");
  const responses = readResponses(context, child(context, root, "responses"), {
    detections: unsuppressed,
    known,
    bundle: name ?? "bundle",
    installation: ossec?.model.installation ?? "local",
    targets: targetsField.value !== undefined,
  });
  const hosts = readTargets(context, targetsField, {
    home: ossec?.model.home ?? "/var/ossec",
    zeek,
    neverBlock,
  });
  if (targetsField.value === undefined) {
    checkBlocks(context, root, { responses, neverBlock: neverBlock.length, firewalls: firewalls.length });
    checkTimeouts(context, firewalls, responses);
  } else {
    if (firewalls.length > 0)
      context.diagnostics.push(
        codes.duplicate(
          child(context, root, "firewall").span(),
          "the bundle has targets, and a packet filter of its own that belongs to none of them",
          "move the packet filter to the target that has it",
        ),
      );
    checkTargets(context, targetsField, {
      hosts,
      responses,
      detections: unsuppressed,
      neverBlock: neverBlockField,
    });
  }
  const own = child(context, root, "ownAddresses");
  checkOwnAddresses(context, { own, neverBlock: neverBlockField }, neverBlock, responses);
  checkBlockable(context, unsuppressed, responses, captures);
  const linked = detections.map(({ detection, unlinked }) =>
    detection.kind === "zeek" && unlinked !== null
      ? withSuppression(context, detection, unlinked, responses)
      : detection,
  );
  if (name === null || ossec === null || (zeekField.value !== undefined && zeek === null)) return null;
  return {
    model: {
      schemaVersion: 1,
      name,
      zeek,
      ossec: ossec.model,
      firewalls,
      neverBlock,
      detections: linked,
      responses,
      hosts,
      host: null,
    },
    lock,
  };
}

function readZeek(
  context: LinkContext,
  field: Field,
  bundle: string,
  dialect: OssecModel["dialect"],
): ZeekModel | null {
  if (readObject(context, field) === null) return null;
  const logs = readPath(context, child(context, field, "logs"));
  const site = readPath(context, child(context, field, "site"));
  const kind = readOneOf(
    context,
    child(context, field, "noticeLog"),
    ["dedicated", "notice.log"],
    "dedicated",
  );
  const format = readOneOf(context, child(context, field, "noticeFormat"), ["tsv", "json"], "tsv");
  const keyField = child(context, field, "noticeKey");
  const key = readNoticeKey(context, keyField, kind);
  if (dialect === "wazuh" && keyField.value !== undefined)
    context.diagnostics.push(
      codes.wazuh(
        keyField.span(),
        "Wazuh's own JSON decoder knows an address only by the name srcip, so a key cannot stand in it",
        "leave it out: the rule asks for the name of the log instead, which no line can forge",
      ),
    );
  const localField = child(context, field, "localNets");
  const localNets =
    localField.value === undefined
      ? []
      : (readList(context, localField) ?? []).flatMap((entry) => readNetwork(context, entry) ?? []);
  if (logs === null || site === null || kind === null || format === null) return null;
  if (dialect === "wazuh" && kind === "notice.log" && format === "json")
    context.diagnostics.push(
      codes.wazuh(
        child(context, field, "noticeFormat").span(),
        "Wazuh's own JSON decoder takes the lines of this log, and no response gets an address out of its column src",
        'leave noticeLog at "dedicated", whose column is called srcip, or have Zeek write TSV',
      ),
    );
  const path = `zopf_${bundle.replaceAll("-", "_")}`;
  return {
    module: moduleName(bundle),
    logs,
    site,
    localNets,
    tests: readBoolean(context, child(context, field, "tests"), false),
    noticeLog:
      kind === "dedicated"
        ? {
            kind,
            path,
            filter: `zopf-${bundle}`,
            file: `${logs}/${path}.log`,
            key,
            source: dialect === "wazuh" ? "srcip" : "src",
          }
        : { kind, format, file: `${logs}/notice.log` },
  };
}

interface LinkedDetection {
  readonly detection: DetectionModel;
  readonly unlinked: UnlinkedZeekDetection | null;
}

function linkDetections(
  context: LinkContext,
  bundle: LoadedBundle,
  fields: readonly Field[],
  settings: {
    readonly name: string;
    readonly ossec: LinkedOssec | null;
    readonly module: string;
    readonly hasZeek: boolean;
    readonly first: number;
    readonly locked: ReadonlyMap<string, RuleIds>;
  },
): {
  readonly detections: readonly LinkedDetection[];
  readonly known: ReadonlySet<string>;
  /** What stands behind the addresses of log detections and bursts. */
  readonly captures: ReadonlyMap<string, Capture>;
  readonly lock: RuleIds;
} {
  const functions = createFunctions(context, bundle);
  const zeek = { module: settings.module, functions };
  const known = new Set<string>();
  const lowered = new Map<string, string>();
  const logs = new Map<string, string>();
  const named: { readonly field: Field; readonly name: string }[] = [];
  for (const field of fields) {
    if (readObject(context, field) === null) continue;
    const nameField = child(context, field, "name");
    const kindGiven = child(context, field, "kind").value;
    const name = readDetectionName(context, nameField, kindGiven === "zeek" || kindGiven === "scan");
    if (name === null) continue;
    const other = lowered.get(name.toLowerCase());
    if (other !== undefined)
      context.diagnostics.push(
        codes.duplicate(
          nameField.span(),
          other === name
            ? `a second detection is called "${name}"`
            : `"${name}" and "${other}" differ only in the case of letters`,
          "give each detection a name of its own",
        ),
      );
    lowered.set(name.toLowerCase(), name);
    if (other === undefined) named.push({ field, name });
    known.add(name);
  }
  const { ids, lock } = assignRuleIds(
    context,
    settings.name,
    named.map(({ field, name }) => ({
      detection: name,
      field: child(context, child(context, field, "rule"), "id"),
    })),
    settings,
  );
  const detections: LinkedDetection[] = [];
  const captures = new Map<string, Capture>();
  const decoders = new Map<string, LogDecoderModel>();
  const bursts: { readonly read: ReadBurst; readonly rule: RuleModel }[] = [];
  for (const { field, name } of named) {
    const kind = readOneOf(context, child(context, field, "kind"), ["zeek", "scan", "iplog", "log", "burst"]);
    const preset = kind === "scan" ? readPreset(context, field) : null;
    const rule = readRule(
      context,
      child(context, field, "rule"),
      ids.get(name) ?? null,
      preset === null ? null : ruleDefaults(preset),
    );
    switch (kind) {
      case null:
        break;
      case "zeek":
      case "scan": {
        if (kind === "scan" && preset === null) break;
        if (!settings.hasZeek)
          context.diagnostics.push(
            codes.missing(
              field.span(),
              `"${name}" is a Zeek detection, but the bundle does not say where Zeek lives`,
              'add zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" }',
            ),
          );
        const unlinked =
          preset === null
            ? readZeekDetection(context, zeek, field, name)
            : readScan(context, zeek, field, name, preset);
        if (unlinked === null || rule === null) break;
        if (unlinked.log !== null) {
          const other = logs.get(unlinked.log.path);
          if (other !== undefined)
            context.diagnostics.push(
              codes.duplicate(
                child(context, child(context, field, "log"), "path").span(),
                `"${other}" writes a log of that name already`,
                "give each detection's log a name of its own",
              ),
            );
          logs.set(unlinked.log.path, name);
        }
        const {
          asked: suppress,
          suppressField: _suppress,
          flippedField: _flipped,
          innocent: _innocent,
          victim: _victim,
          ...detection
        } = unlinked;
        captures.set(name, noticeCapture);
        detections.push({
          detection: { ...detection, rule, suppress: suppress ?? defaultSuppression },
          unlinked,
        });
        break;
      }
      case "iplog": {
        const settingsOfSensor = readIplog(context, field);
        if (settingsOfSensor === null || rule === null) break;
        checkSensors(
          context,
          field,
          { name, ...settingsOfSensor },
          detections.map(({ detection }) => detection),
        );
        captures.set(name, noticeCapture);
        detections.push({
          detection: { kind, name, ...settingsOfSensor, rule, span: field.span() },
          unlinked: null,
        });
        break;
      }
      case "log": {
        if (settings.ossec === null) break;
        const read = readLog(context, settings.ossec.model, field, name, settings.ossec);
        if (read === null || rule === null) break;
        captures.set(name, read.capture);
        detections.push({
          detection: { ...withSharedDecoder(read.detection, decoders), rule },
          unlinked: null,
        });
        break;
      }
      case "burst": {
        if (settings.ossec === null) break;
        const read = readBurst(context, settings.ossec.model, field, name);
        if (read !== null && rule !== null) bursts.push({ read, rule });
        break;
      }
    }
  }
  const models = linkBursts(
    context,
    bursts,
    detections.map(({ detection }) => detection),
    captures,
    known,
  );
  for (const detection of models) detections.push({ detection, unlinked: null });
  return { detections, known, captures, lock };
}

/** Lines of Zeek and of iplog: the source and the kind, where nobody else can write them. */
const noticeCapture: Capture = { fields: new Set(["srcip", "id"]), forgeable: null, cutLine: null };

function checkBlocks(
  context: LinkContext,
  root: Field,
  found: {
    readonly responses: readonly ResponseModel[];
    readonly neverBlock: number;
    readonly firewalls: number;
  },
): void {
  if (!found.responses.some(({ kind }) => kind === "block")) return;
  const responsesField = child(context, root, "responses");
  const field = child(context, root, "neverBlock");
  // Entries that are none are told one by one.
  if (found.neverBlock === 0 && hasNoEntry(field))
    context.diagnostics.push(
      codes.neverBlock(
        field.value === undefined ? responsesField.span() : field.span(),
        `the bundle blocks, and its neverBlock list is ${field.value === undefined ? "missing" : "empty"}`,
        'name at least the host\'s own addresses and the network you administer it from: neverBlock: ["192.0.2.1", "10.0.0.0/8"]',
      ),
    );
  if (found.firewalls === 0)
    context.diagnostics.push(
      codes.missing(
        responsesField.span(),
        "the bundle blocks, but names no packet filter",
        'add firewall: pf({ table: "ossec_fwtable" }), ipfw({ table: 2 }), nftables({ table: "ossec_blocked" }) or iptables({ set: "ossec_blocked" })',
      ),
    );
}

/**
 * A notice that stays suppressed longer than the source stays blocked lets a scanner that comes back go
 * unseen, so suppression plus one table tick must end within the shortest block.
 */
function withSuppression(
  context: LinkContext,
  detection: ZeekDetectionModel,
  unlinked: UnlinkedZeekDetection,
  responses: readonly ResponseModel[],
): ZeekDetectionModel {
  const fed = responses.filter(
    (response) => response.kind === "block" && armedDetections(response, [detection]).length > 0,
  );
  if (fed.length > 0 && !detection.ignoreFlipped)
    context.diagnostics.push(
      codes.flipped(
        unlinked.flippedField.span(),
        `"${detection.name}" keeps turned connections, whose originator is the victim, and leads to a block`,
        'leave flipped at "ignore", or take the response away',
      ),
    );
  if (fed.length > 0 && unlinked.innocent !== null)
    context.diagnostics.push(
      codes.innocent(
        detection.span,
        `"${detection.name}" leads to a block, but ${unlinked.innocent}`,
        "take the response away: an alert is all that it can lead to",
      ),
    );
  if (fed.length > 0 && unlinked.victim !== null)
    context.diagnostics.push(victimTrouble(detection.name, unlinked.victim));
  const shortest = Math.min(...fed.map((response) => (response.kind === "block" ? response.seconds : 0)));
  if (unlinked.asked === null)
    return { ...detection, suppress: Math.max(0, Math.min(defaultSuppression, Math.floor(shortest) - tick)) };
  if (unlinked.asked > 0 && unlinked.asked + tick > shortest)
    context.diagnostics.push(
      codes.suppress(
        unlinked.suppressField.span(),
        `the notice stays quiet for ${showDuration(unlinked.asked)} and up to ${tick} seconds more, but the block it feeds lasts ${showDuration(shortest)}: a scanner that comes back would be ignored`,
        shortest > tick
          ? `suppress for at most ${showDuration(shortest - tick)}, or block longer`
          : 'suppress for "0 sec", or block longer',
      ),
    );
  return detection;
}
