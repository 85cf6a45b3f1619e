import { version } from "../../files/version.js";
import type { CompiledBundle } from "../compile.js";

/** Bundles as a page plays them (`zopf build --compiled FILE`): a host each, its Model and the files it gets. */
export function compiledFile(bundles: readonly CompiledBundle[]): string {
  const hosts = bundles.map(({ model, files }) => ({ model, files }));
  return `${JSON.stringify({ format: "zopf-compiled", zopf: version, hosts })}\n`;
}
