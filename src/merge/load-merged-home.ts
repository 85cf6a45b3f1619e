import { folderSource } from "../files/folder-source.js";
import { type OssecSource, withFiles } from "../files/ossec-source.js";
import type { Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import type { EmittedFile } from "../targets/file.js";
import { loadHome } from "../targets/home.js";
import { mergedFiles } from "./merge-home.js";

/**
 * The configuration of a home with the bundle in it as `deploy` would put it there: what this build's and the
 * deployed manifest own is taken out first (docs/reference/cli.md#replay).
 */
export function loadMergedHome(
  folder: string,
  model: Model,
  files: readonly EmittedFile[],
  dialect: Dialect,
  show: (path: string) => string,
): LoadedOssec {
  const source: OssecSource = folderSource(folder, show);
  return loadHome(model, withFiles(source, mergedFiles(source, model, files, dialect)), dialect);
}
