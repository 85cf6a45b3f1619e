import { folderSource } from "../files/folder-source.js";
import type { EngineVersion, Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { loadOssec } from "../ossec/load/index.js";
import type { EmittedFile } from "../targets/file.js";
import { mergedFiles } from "./merge-home.js";

/**
 * The configuration of an OSSEC home with the bundle in it as `deploy` would put it there: what this build's
 * and the deployed manifest own is taken out first (docs/reference/cli.md#replay).
 */
export function loadMergedHome(
  folder: string,
  model: Model,
  files: readonly EmittedFile[],
  engine: EngineVersion,
  show: (path: string) => string,
): LoadedOssec {
  const source = folderSource(folder, show);
  const merged = mergedFiles(source, model, files, engine);
  return loadOssec(
    { ...source, read: (path) => merged.get(path) ?? source.read(path) },
    { engine, home: model.ossec.home },
  );
}
