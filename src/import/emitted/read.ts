/** The bundle of what a build wrote, from its manifest. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { decodeBundle } from "../../compiler/decode/bundle.js";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import type { Bundle } from "../../dsl/bundle.js";
import type { ValueList } from "../../dsl/list.js";
import { readWhole } from "../../files/read-whole.js";
import { reasonOf } from "../../files/system-error.js";
import { sha256 } from "../../targets/manifest.js";
import { codes } from "../codes.js";
import type { Draft, Drafted, Imported } from "../draft.js";
import type { ReadOptions, ReadSource } from "../source.js";
import { readOssec, readWazuh } from "../xml/read.js";
import { DeclaredValues, isRecord, Malformed } from "./values.js";

/** The manifest of a build below a path: its own, or that of its first host; null: there is none. */
export function manifestBelow(path: string): string | null {
  try {
    if (!statSync(path).isDirectory()) return /(?:^|\/)manifest\.json$/.test(path) ? path : null;
    const own = join(path, "manifest.json");
    if (existsSync(own)) return own;
    const hosts = readdirSync(path)
      .sort()
      .map((name) => join(path, name, "manifest.json"));
    return hosts.find((manifest) => existsSync(manifest)) ?? null;
  } catch {
    return null;
  }
}

export const readEmitted: ReadSource = async (options) => {
  const [path = ""] = options.paths;
  const manifest = manifestBelow(path);
  const start: Span = { file: options.show(manifest ?? path), line: 1, column: 1 };
  if (manifest === null || options.paths.length > 1)
    return failed(codes.input(start, "is not one folder that a build of zopf wrote"));
  let value: unknown;
  try {
    value = JSON.parse(readWhole(manifest).toString("utf8"));
  } catch (error) {
    return failed(
      codes.broken(
        start,
        `cannot be read: ${error instanceof SyntaxError ? error.message : reasonOf(error)}`,
      ),
    );
  }
  if (!isRecord(value) || !Array.isArray(value.files))
    return failed(codes.broken(start, "is no manifest of zopf's"));
  const changed = changedFile(dirname(manifest), value.files);
  if (changed !== null || !isRecord(value.declared)) {
    const why =
      changed === null
        ? codes.changed(start, "does not hold the bundle: its XML is imported as anybody's")
        : codes.changed(
            { file: options.show(changed), line: 1, column: 1 },
            "was changed since it was built: the XML is imported as anybody's",
          );
    return asXml(options, dirname(manifest), why);
  }
  try {
    return declaredDraft(value.declared, start);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return failed(codes.broken(start, `declared: ${error.message}`));
  }
};

function failed(...diagnostics: readonly Diagnostic[]): Imported {
  return { draft: null, diagnostics };
}

/** A file of the build that is not as it was written; null: all are. */
function changedFile(folder: string, files: readonly unknown[]): string | null {
  for (const file of files) {
    if (!isRecord(file) || typeof file.path !== "string" || file.path.split("/").includes(".."))
      return folder;
    const path = join(folder, file.path);
    try {
      if (sha256(readWhole(path)) !== file.sha256) return path;
    } catch {
      return path;
    }
  }
  return null;
}

async function asXml(options: ReadOptions, folder: string, why: Diagnostic): Promise<Imported> {
  const isWazuh = existsSync(join(folder, "wazuh"));
  const xml = join(folder, isWazuh ? "wazuh" : "ossec");
  const read = await (isWazuh ? readWazuh : readOssec)({ ...options, paths: [xml] });
  return { ...read, diagnostics: [why, ...read.diagnostics] };
}

function declaredDraft({ bundle: plain, ids }: Readonly<Record<string, unknown>>, place: Span): Imported {
  const values = new DeclaredValues();
  const value = values.value(plain);
  const found: Diagnostic[] = [];
  if (!isBundle(value, place, found)) return failed(...found);
  const origin = { place, rules: [] };
  const drafted = <T>(one: T): Drafted<T> => ({ value: one, comments: [], origin });
  const { name, ossec, zeek, firewall, targets, neverBlock = [], ownAddresses = [] } = value;
  const { detections, raw = [], responses = [] } = value;
  const chosen = Object.entries(isRecord(ids) ? ids : {}).flatMap(([detection, id]) =>
    typeof id === "number" ? [[detection, id] as const] : [],
  );
  const draft: Draft = {
    settings: {
      name,
      ossec,
      ...(zeek === undefined ? {} : { zeek }),
      ...(firewall === undefined ? {} : { firewall }),
      ...(targets === undefined ? {} : { targets }),
      neverBlock: neverBlock.map(drafted),
      ownAddresses: ownAddresses.map(drafted),
    },
    comments: [],
    modules: [
      {
        name,
        comments: [],
        constants: [],
        detections: detections.map(drafted),
        raw: raw.map((one) => ({ ...drafted(one), because: "" })),
      },
    ],
    lists: listsIn(detections).map(drafted),
    responses: responses.map(drafted),
    refused: [],
    ...(values.hasFunctions ? { functions: values.functions } : {}),
    ids: new Map(chosen),
  };
  return { draft, diagnostics: found.filter(({ severity }) => severity === "error") };
}

/** What a build wrote was a bundle; what somebody made of it may be none. */
function isBundle(value: unknown, place: Span, diagnostics: Diagnostic[]): value is Bundle {
  const { decoded, diagnostics: found } = decodeBundle(value, { locate: () => place });
  diagnostics.push(...found);
  return decoded !== null;
}

function listsIn(value: unknown, found = new Set<ValueList>()): readonly ValueList[] {
  if (Array.isArray(value)) for (const one of value) listsIn(one, found);
  else if (isRecord(value))
    for (const [key, held] of Object.entries(value)) {
      if ((key === "in" || key === "notIn") && isList(held)) found.add(held);
      else listsIn(held, found);
    }
  return [...found];
}

function isList(value: unknown): value is ValueList {
  return isRecord(value) && typeof value.name === "string" && typeof value.entries === "object";
}
