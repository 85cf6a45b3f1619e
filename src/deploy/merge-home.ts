import { ownsOf } from "../compiler/verify/owns.js";
import type { EngineVersion, Model } from "../model/model.js";
import type { OssecSource } from "../ossec/load/index.js";
import type { EmittedFile } from "../targets/file.js";
import { deployedManifest } from "./deployed-manifest.js";
import { merged, type OssecFileKind } from "./merge.js";

/** The three files of an OSSEC home that hold a bundle's entries beside other people's. */
export const sharedFiles: readonly {
  /** Below the home. */
  readonly path: string;
  /** In the output. */
  readonly emitted: string;
  readonly kind: OssecFileKind;
}[] = [
  { path: "etc/local_decoder.xml", emitted: "ossec/local_decoder.xml", kind: "decoders" },
  { path: "rules/local_rules.xml", emitted: "ossec/local_rules.xml", kind: "rules" },
  { path: "etc/ossec.conf", emitted: "ossec/ossec.conf", kind: "conf" },
];

/**
 * The shared files of a home with the bundle in them, as `deploy` puts it there. A file that cannot be read
 * is left out.
 */
export function mergedFiles(
  source: OssecSource,
  model: Model,
  files: readonly EmittedFile[],
  engine: EngineVersion,
): ReadonlyMap<string, Uint8Array> {
  const read = source.read(`etc/zopf/${model.name}.manifest.json`);
  const deployed = read instanceof Uint8Array ? deployedManifest(read) : null;
  const owners = [ownsOf(model), ...(deployed === null ? [] : [deployed.owns])];
  const result = new Map<string, Uint8Array>();
  for (const { path, emitted, kind } of sharedFiles) {
    const file = files.find((one) => one.path === emitted);
    const bytes = source.read(path);
    if (file === undefined || (bytes !== null && !(bytes instanceof Uint8Array))) continue;
    const text = bytes === null ? "" : Buffer.from(bytes).toString("latin1");
    const content = Buffer.from(file.content, "utf8").toString("latin1");
    const merge = { kind, bundle: model.name, owners, content, engine };
    result.set(path, Buffer.from(merged(text, merge), "latin1"));
  }
  return result;
}
