import { outputModels } from "../model/hosts.js";
import type { Model } from "../model/model.js";
import type { Emit, EmittedFile } from "./file.js";
import { emitIplog } from "./iplog/emit.js";
import { emitOssec } from "./ossec/emit.js";
import { emitFirewalls } from "./packet-filters.js";
import { emitScript } from "./script/emit.js";
import { emitSideScripts } from "./script/side-scripts.js";
import { emitSystemd } from "./systemd/emit.js";
import { emit as emitZeek } from "./zeek/index.js";

/**
 * Every target; each gives no file where the Model does not use it. `part`: what of a host the files depend on,
 * beside the bundle itself; without it everything but the host's name and agent id, which no file names.
 */
const targets: readonly { readonly emit: Emit; readonly part?: (model: Model) => unknown }[] = [
  { emit: emitZeek, part: ({ zeek, host }) => [zeek?.logs, zeek?.site, host?.sensor] },
  { emit: emitOssec, part: (model) => [withoutName(model), namedHost(model)] },
  { emit: emitScript },
  { emit: emitSideScripts },
  { emit: emitFirewalls },
  { emit: emitSystemd },
  { emit: emitIplog },
];

/** All files of a bundle for one host, in the order of the targets. */
export function emitAll(model: Model): readonly EmittedFile[] {
  return targets.flatMap(({ emit }) => emit(model));
}

/** A host but for what no file names. */
function withoutName({ host }: Model): unknown {
  const {
    name: _name,
    agent: _agent,
    span: _span,
    ...rest
  } = host ?? { name: null, agent: null, span: null };
  return rest;
}

/** The host's name where a log or a block is for hosts by name. */
function namedHost({ host, detections, responses }: Model): string | null {
  const named =
    detections.some((one) => one.kind === "log" && one.on !== undefined) ||
    responses.some((one) => one.kind === "block" && one.on !== undefined);
  return named ? (host?.name ?? null) : null;
}

/** What is emitted for one host of a bundle, or for the only one. */
export interface HostOutput {
  readonly model: Model;
  readonly files: readonly EmittedFile[];
}

/** All files of every host; what hosts have in common is made once and is the same object. */
export function emitHosts(model: Model): readonly HostOutput[] {
  const made = targets.map(() => new Map<string, readonly EmittedFile[]>());
  return outputModels(model).map((one) => {
    const whole = JSON.stringify(withoutName(one));
    const files = targets.flatMap(({ emit, part }, index) => {
      const key = part === undefined ? whole : JSON.stringify(part(one));
      const known = made[index]?.get(key) ?? emit(one);
      made[index]?.set(key, known);
      return known;
    });
    return { model: one, files };
  });
}
