import { createManifest, type Owns } from "../compiler/output/manifest.js";
import { ownsOf } from "../compiler/verify/owns.js";
import { type OssecFileKind, withBlock, withoutOwned } from "../deploy/merge.js";
import type { EngineVersion, Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { loadOssec, type OssecSource } from "../ossec/load/index.js";
import type { EmittedFile } from "../targets/file.js";
import { folderSource } from "./ossec-source.js";

const shared: readonly {
  readonly path: string;
  readonly emitted: string;
  readonly kind: OssecFileKind;
}[] = [
  { path: "etc/local_decoder.xml", emitted: "ossec/local_decoder.xml", kind: "decoders" },
  { path: "rules/local_rules.xml", emitted: "ossec/local_rules.xml", kind: "rules" },
  { path: "etc/ossec.conf", emitted: "ossec/ossec.conf", kind: "conf" },
];

/**
 * The configuration of an OSSEC home with the bundle in it as `deploy` would put it there: what this build's
 * and the deployed manifest own is taken out first (spec/cli.md "replay").
 */
export function loadAround(
  folder: string,
  model: Model,
  files: readonly EmittedFile[],
  engine: EngineVersion,
  show: (path: string) => string,
): LoadedOssec {
  const source = folderSource(folder, show);
  const ours = createManifest(model.name, "", files, ownsOf(model)).owns;
  const deployed = deployedOwns(source, model.name);
  const owners = deployed === null ? [ours] : [ours, deployed];
  const merged = new Map<string, Uint8Array>();
  for (const { path, emitted, kind } of shared) {
    const content = files.find((file) => file.path === emitted)?.content;
    const bytes = source.read(path);
    if (content === undefined || (bytes !== null && !(bytes instanceof Uint8Array))) continue;
    let text = bytes === null ? "" : Buffer.from(bytes).toString("latin1");
    for (const owns of owners) text = withoutOwned(text, kind, model.name, owns, engine);
    const block = Buffer.from(content, "utf8").toString("latin1");
    merged.set(path, Buffer.from(withBlock(text, model.name, block), "latin1"));
  }
  return loadOssec(
    { ...source, read: (path) => merged.get(path) ?? source.read(path) },
    { engine, home: model.ossec.home },
  );
}

/** What the manifest of the deployed version owns; null where there is none. */
function deployedOwns(source: OssecSource, bundle: string): Owns | null {
  const bytes = source.read(`etc/zopf/${bundle}.manifest.json`);
  if (!(bytes instanceof Uint8Array)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const owns: unknown = isRecord(value) ? value.owns : null;
    if (!isRecord(owns)) return null;
    const texts = (key: string): readonly string[] =>
      listOf(owns[key]).filter((item) => typeof item === "string");
    return {
      ruleIds: listOf(owns.ruleIds).filter((id) => typeof id === "number"),
      decoders: texts("decoders"),
      commands: texts("commands"),
      tables: texts("tables"),
      notices: texts("notices"),
    };
  } catch {
    return null;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
