/** Finds OSSEC's files below the given paths. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { readWhole } from "../../files/read-whole.js";
import { reasonOf } from "../../files/system-error.js";
import { codes } from "../codes.js";
import { type InputFile, inputFile } from "../input.js";

export interface Inputs {
  readonly files: readonly InputFile[];
  /** Folders that were given and look like an OSSEC home, without a final `/`. */
  readonly homes: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Larger files are no configuration. */
const sizeLimit = 64 << 20;

/** Names first, `decoder.xml` before `local_decoder.xml` before others, as the engine does by default. */
function compareNames(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const skippedFolders: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** Reads what lies at the paths. Never throws. */
export function findInputs(paths: readonly string[]): Inputs {
  const files: InputFile[] = [];
  const homes: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const complain = (file: string, message: string, help?: string): void => {
    diagnostics.push(codes.input({ file, line: 1, column: 1 }, message, help));
  };

  function addFile(path: string, named: boolean): void {
    try {
      const real = realpathSync(path);
      if (seen.has(real)) return;
      seen.add(real);
      if (!named && !/\.(?:xml|conf)$/i.test(path) && !/(?:^|\/)lists\/.+$/.test(path)) return;
      const stat = statSync(path);
      // A pipe or a device that lies in a folder would be waited for without end.
      if (!named && !stat.isFile()) return;
      if (stat.size > sizeLimit) {
        complain(path, "is larger than 64 MiB: no configuration of OSSEC is");
        return;
      }
      const bytes = readWhole(path, sizeLimit);
      const file = inputFile(path, bytes, named);
      if (file !== null) files.push(file);
    } catch (error) {
      complain(path, `cannot be read: ${reasonOf(error)}`);
    }
  }

  function walk(folder: string, ancestors: readonly string[]): void {
    let real: string;
    let entries: readonly string[];
    try {
      real = realpathSync(folder);
      entries = readdirSync(folder).sort(compareNames);
    } catch (error) {
      complain(folder, `cannot be read: ${reasonOf(error)}`);
      return;
    }
    if (ancestors.includes(real)) {
      complain(
        folder,
        "is a link back to a folder that it lies in",
        "Take the link away, or name the files.",
      );
      return;
    }
    if (seen.has(real)) return;
    seen.add(real);
    for (const name of entries) {
      if (skippedFolders.has(name)) continue;
      const path = folder === "." ? name : `${folder.replace(/\/+$/, "")}/${name}`;
      let isFolder: boolean;
      try {
        isFolder = statSync(path).isDirectory();
      } catch (error) {
        if (/\.(?:xml|conf)$/i.test(name) || isLoop(error))
          complain(path, `cannot be read: ${reasonOf(error)}`);
        continue;
      }
      if (isFolder) walk(path, [...ancestors, real]);
      else addFile(path, false);
    }
  }

  for (const given of paths) {
    const path = given.length > 1 ? given.replace(/\/+$/, "") : given;
    try {
      if (statSync(path).isDirectory()) {
        const before = files.length;
        const complaints = diagnostics.length;
        walk(path, []);
        if (isHome(path)) homes.push(path);
        if (files.length === before && diagnostics.length === complaints) {
          complain(
            path,
            "holds no file of OSSEC",
            "Rules, decoders and ossec.conf are looked for in *.xml and *.conf.",
          );
        }
      } else addFile(path, true);
    } catch (error) {
      complain(path, `cannot be read: ${reasonOf(error)}`);
    }
  }
  return { files, homes, diagnostics };
}

function isLoop(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ELOOP";
}

function isHome(folder: string): boolean {
  const has = (name: string): boolean => {
    try {
      statSync(join(folder, name));
      return true;
    } catch {
      return false;
    }
  };
  const isWazuhs = has("etc/ossec.conf") && has("ruleset/rules");
  return isWazuhs || ((has("etc/decoder.xml") || has("etc/local_decoder.xml")) && has("rules"));
}
