/** A bundle that was compiled before it came to the page: its Model, and the files that hosts get. */
import type { Model } from "../../../src/model/model.js";
import type { EmittedFile } from "../../../src/targets/file.js";

/** One host of a bundle. */
export interface CompiledHost {
  readonly model: Model;
  readonly files: readonly EmittedFile[];
}

/** What `zopf build --compiled FILE` writes (docs/playground.md). */
export interface CompiledFile {
  readonly format: "zopf-compiled";
  /** The zopf that compiled it. A page plays only what its own version compiled. */
  readonly zopf: string;
  readonly hosts: readonly CompiledHost[];
}

type Checked =
  | { readonly ok: true; readonly value: CompiledFile }
  | { readonly ok: false; readonly reason: string };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isCompiled(value: unknown): value is CompiledFile {
  return (
    isObject(value) &&
    value.format === "zopf-compiled" &&
    typeof value.zopf === "string" &&
    Array.isArray(value.hosts) &&
    value.hosts.length > 0 &&
    value.hosts.every(
      (host: unknown) =>
        isObject(host) &&
        isObject(host.model) &&
        Array.isArray(host.model.detections) &&
        Array.isArray(host.files) &&
        host.files.every(
          (file: unknown) =>
            isObject(file) && typeof file.path === "string" && typeof file.content === "string",
        ),
    )
  );
}

/** @param version - the page's zopf */
export function readCompiled(text: string, version: string): Checked {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: "this is no JSON; compile the bundle with: zopf build --compiled FILE" };
  }
  if (!isCompiled(value))
    return { ok: false, reason: "this is no compiled bundle; make one with: zopf build --compiled FILE" };
  if (value.zopf !== version)
    return {
      ok: false,
      reason: `it was compiled by zopf ${value.zopf}, and this page is zopf ${version}: compile it with the same version`,
    };
  return { ok: true, value };
}
