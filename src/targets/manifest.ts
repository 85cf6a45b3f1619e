import { createHash } from "node:crypto";
import type { Model } from "../model/model.js";
import type { EmittedFile, Merge, Reader } from "./file.js";

/** What a bundle owns on a host: `diff` and `deploy` find it by these names among other people's entries. */
export interface Owns {
  readonly ruleIds: readonly number[];
  readonly decoders: readonly string[];
  readonly commands: readonly string[];
  readonly tables: readonly string[];
  readonly notices: readonly string[];
}

export interface ManifestFile {
  /** Below the bundle's output folder. */
  readonly path: string;
  readonly sha256: string;
  /** Permission bits in octal: `0644`. */
  readonly mode: string;
  /** Absolute path on the host. */
  readonly target: string;
  readonly owner: string;
  readonly reader: Reader;
  readonly reload: readonly (readonly string[])[];
  readonly merge: Merge;
}

/** `manifest.json` (docs/reference/cli.md#build); its JSON Schema is schemas/manifest.schema.json. */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly bundle: string;
  /** The host that it is for; only where the bundle has `targets`. */
  readonly host?: string;
  /** Version of the zopf that wrote it. */
  readonly zopf: string;
  readonly files: readonly ManifestFile[];
  readonly owns: Owns;
  /**
   * The bundle itself, for `zopf import`: the rule ids that zopf chose, and what `defineBundle` got. It stays in the
   * output: what is deployed has none, since it may hold secrets.
   */
  readonly declared?: Declared;
}

/** JSON values. */
export interface Declared {
  readonly ids: Readonly<Record<string, number>>;
  readonly bundle: unknown;
}

/** As it lies on a host. */
export function withoutDeclared({ declared: _declared, ...manifest }: Manifest): Manifest {
  return manifest;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** `hashes`: those of contents that were seen before, which hosts have in common. */
export function createManifest(
  { name, host }: Pick<Model, "name" | "host">,
  zopf: string,
  files: readonly EmittedFile[],
  owns: Owns,
  hashes: Map<string, string> = new Map(),
  declared: Declared | null = null,
): Manifest {
  const hashOf = (content: string): string => {
    const hash = hashes.get(content) ?? sha256(content);
    hashes.set(content, hash);
    return hash;
  };
  return {
    schemaVersion: 1,
    bundle: name,
    ...(host === null ? {} : { host: host.name }),
    zopf,
    files: files.map((file) => ({
      path: file.path,
      sha256: hashOf(file.content),
      mode: `0${file.mode.toString(8)}`,
      target: file.target,
      owner: file.owner,
      reader: file.reader,
      reload: file.reload,
      merge: file.merge,
    })),
    owns,
    ...(declared === null ? {} : { declared }),
  };
}

/** The bundle on one line: nobody reads it, and it is long. */
export function formatManifest({ declared, ...manifest }: Manifest): string {
  const text = JSON.stringify(manifest, null, 2);
  return declared === undefined
    ? `${text}\n`
    : `${text.slice(0, -2)},\n  "declared": ${JSON.stringify(declared)}\n}\n`;
}

/** What is kept of a manifest that lies in the output. */
export interface FoundManifest {
  readonly bundle: unknown;
  readonly host: unknown;
  /** Path below the manifest's folder → SHA-256. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** A manifest that lies in the output, or null where there is none that we wrote. */
export function readManifest(text: string): FoundManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || value.schemaVersion !== 1 || !Array.isArray(value.files)) return null;
  const hashes = new Map<string, string>();
  for (const file of value.files) {
    if (!isRecord(file) || typeof file.path !== "string" || typeof file.sha256 !== "string") return null;
    // A manifest is only text that anybody may edit: it must not lead out of its folder.
    if (file.path.startsWith("/") || file.path.split("/").includes("..")) return null;
    hashes.set(file.path, file.sha256);
  }
  return { bundle: value.bundle, host: value.host, hashes };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
