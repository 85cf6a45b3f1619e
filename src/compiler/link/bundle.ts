import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Model } from "../../model/model.js";
import type { DecodedBundle } from "../decode/bundle.js";
import type { LoadedBundle } from "../load/index.js";
import type { RuleIds } from "../lockfile.js";
import { type LinkedDetection, linkDetections } from "./detections.js";
import { linkFirewalls } from "./firewalls.js";
import { createFunctions } from "./functions.js";
import { Lists } from "./lists.js";
import { moduleName } from "./names.js";
import { linkNetworks } from "./networks.js";
import { linkOssec } from "./ossec.js";
import { linkRaw } from "./raw.js";
import { type LinkedResponse, linkResponses } from "./responses.js";
import { withSuppression } from "./suppression.js";
import { type LinkedHost, linkTargets } from "./targets.js";
import { linkZeek } from "./zeek-settings.js";

/** A bundle whose names, ids and references are decided: what policy judges, and targets read. */
export interface LinkedBundle extends DecodedBundle {
  /** Holds what could be linked; of a bundle with errors that is not all of it. */
  readonly model: Model;
  readonly detections: readonly LinkedDetection[];
  readonly responses: readonly LinkedResponse[];
  readonly hosts: readonly LinkedHost[];
  /** Rule ids that were chosen for this bundle: they go into the lock file. */
  readonly lock: RuleIds;
}

/** Decides every name and number once: the bundle as the user wrote it becomes the Model. */
export function linkBundle(
  { declared, places }: DecodedBundle,
  source: Pick<LoadedBundle, "sourceOf">,
  locked: ReadonlyMap<string, RuleIds>,
): { readonly linked: LinkedBundle; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic): null => {
    diagnostics.push(found);
    return null;
  };
  const { name } = declared;
  const ossec = linkOssec(declared.ossec, name);
  const context = { places, report, ossec, lists: new Lists(name, ossec) };
  const firewalls = linkFirewalls(declared.firewall);
  const neverBlock = linkNetworks(declared.neverBlock);
  const raw = (declared.raw ?? []).flatMap((one) => linkRaw(context, one, ossec) ?? []);
  const own = linkDetections(
    { ...context, module: moduleName(name), functions: createFunctions(context, source) },
    declared,
    { ossec, raw },
    locked,
  );
  const zeek = declared.zeek === undefined ? null : linkZeek(declared.zeek, name, ossec, own.capacityId);
  const responses = linkResponses(context, declared.responses ?? [], name, own);
  const hosts = linkTargets(declared.targets, { ossec, zeek, neverBlock }, places);
  const detections = withSuppression(own.detections, responses);
  const model: Model = {
    schemaVersion: 1,
    name,
    zeek,
    ossec,
    firewalls,
    neverBlock,
    detections: detections.map((detection) => detection.model),
    responses: responses.map((response) => response.model),
    lists: context.lists.models(),
    raw: own.raw,
    hosts: hosts.map((host) => host.model),
    host: null,
  };
  return { linked: { declared, places, model, detections, responses, hosts, lock: own.lock }, diagnostics };
}
