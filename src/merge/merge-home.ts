import type { Model } from "../model/model.js";
import type { Dialect } from "../ossec/dialect.js";
import type { OssecSource } from "../ossec/load/index.js";
import type { EmittedFile } from "../targets/file.js";
import { listFile } from "../targets/ossec/lists.js";
import { suiteFiles, suites } from "../targets/ossec/suite.js";
import { ownsOf } from "../targets/owns.js";
import { type DeployedManifest, deployedManifest } from "./deployed-manifest.js";
import { merged, type OssecFileKind } from "./merge.js";

/** A file of a home that holds entries of a bundle. */
export interface HomeFile {
  /** Below the home. */
  readonly path: string;
  /** In the output. */
  readonly emitted: string;
  readonly kind: OssecFileKind;
  /** Other people's entries are in it too. */
  readonly shared: boolean;
}

/** The files with a bundle's rules, decoders and configuration. */
export function homeFiles(model: Model): readonly HomeFile[] {
  const { decoders, rules, conf } = suiteFiles(model);
  return [decoders, rules, conf].map(({ kind, path, place, merge }) => ({
    path: place,
    emitted: path,
    kind,
    shared: merge !== "file",
  }));
}

/** What a shared file of the output holds; null for every other file. An older version may have had the other dialect. */
export function sharedKind({ name }: Model, emitted: string): OssecFileKind | null {
  const files = Object.values(suites).flatMap((suite) => Object.values(suite.files(name)));
  return files.find(({ path, merge }) => path === emitted && merge !== "file")?.kind ?? null;
}

/** Those that hold a bundle's entries beside other people's. */
export function sharedFiles(model: Model): readonly HomeFile[] {
  return homeFiles(model).filter(({ shared }) => shared);
}

/** The manifest of the bundle that lies in a home; null: there is none of it. */
export function deployedIn(source: OssecSource, { name }: Pick<Model, "name">): DeployedManifest | null {
  const read = source.read(`etc/zopf/${name}.manifest.json`);
  return read instanceof Uint8Array ? deployedManifest(read) : null;
}

/**
 * The files of a home that hold the bundle's entries, as `deploy` puts them there: those of its own, lists too, the
 * shared ones with the bundle in them, and null for what an older version left. A shared file that cannot be read is
 * left out.
 */
export function mergedFiles(
  source: OssecSource,
  model: Model,
  files: readonly EmittedFile[],
  dialect: Dialect,
): ReadonlyMap<string, Uint8Array | null> {
  const deployed = deployedIn(source, model);
  const owners = [ownsOf(model), ...(deployed === null ? [] : [deployed.owns])];
  const result = new Map<string, Uint8Array | null>();
  const home = `${model.ossec.home}/`;
  for (const { target, merge } of deployed?.files ?? [])
    if (merge === "file" && target.startsWith(home)) result.set(target.slice(home.length), null);
  for (const { path, emitted, kind, shared } of homeFiles(model)) {
    const file = files.find((one) => one.path === emitted);
    if (!shared) {
      if (file !== undefined) result.set(path, Buffer.from(file.content, "utf8"));
      continue;
    }
    const bytes = source.read(path);
    if (file === undefined || (bytes !== null && !(bytes instanceof Uint8Array))) continue;
    const text = bytes === null ? "" : Buffer.from(bytes).toString("latin1");
    const content = Buffer.from(file.content, "utf8").toString("latin1");
    const merge = { kind, bundle: model.name, owners, content, dialect };
    result.set(path, Buffer.from(merged(text, merge), "latin1"));
  }
  for (const list of model.lists) {
    const { path, place } = listFile(model, list);
    const file = files.find((one) => one.path === path);
    if (file !== undefined) result.set(place, Buffer.from(file.content));
  }
  return result;
}
