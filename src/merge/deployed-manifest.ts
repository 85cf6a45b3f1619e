import type { Merge } from "../targets/file.js";
import type { Owns } from "../targets/manifest.js";

export interface DeployedFile {
  readonly path: string;
  readonly sha256: string;
  readonly target: string;
  readonly merge: Merge;
}

/** What is kept of a manifest that lies on a host: only text that anybody may have edited. */
export interface DeployedManifest {
  readonly bundle: string;
  readonly files: readonly DeployedFile[];
  readonly owns: Owns;
}

/** The deployed copy of a manifest, or null where it is none. */
export function deployedManifest(bytes: Uint8Array): DeployedManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value.bundle !== "string" || !isRecord(value.owns)) return null;
  const { owns } = value;
  const texts = (key: string): readonly string[] =>
    listOf(owns[key]).filter((item) => typeof item === "string");
  return {
    bundle: value.bundle,
    files: listOf(value.files).flatMap(deployedFile),
    owns: {
      ruleIds: listOf(owns.ruleIds).filter((id) => typeof id === "number"),
      decoders: texts("decoders"),
      commands: texts("commands"),
      tables: texts("tables"),
      notices: texts("notices"),
    },
  };
}

function deployedFile(value: unknown): readonly DeployedFile[] {
  if (!isRecord(value)) return [];
  const { path, sha256, target, merge } = value;
  if (typeof path !== "string" || typeof sha256 !== "string" || typeof target !== "string") return [];
  // It must not lead anywhere but below the root.
  if (!target.startsWith("/") || target.split("/").includes("..") || target.includes("\0")) return [];
  return [{ path, sha256, target, merge: merge === "append" || merge === "include" ? merge : "file" }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
