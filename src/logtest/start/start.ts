/** What `zopf logtest` runs on: loaded from its files, or taken from the cache entry of an earlier run. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { folderSource } from "../../files/folder-source.js";
import { homeKind } from "../../files/home-kind.js";
import { type LoadedOssec, type Ruleset, rulesetOf } from "../../ossec/definitions.js";
import type { DialectName } from "../../ossec/dialect.js";
import type { KnownPrefilters } from "../../ossec/engine/prefilters.js";
import type { LogtestRequest } from "../arguments.js";
import { loadConfiguration } from "../configuration.js";
import { NotedSource, readHome, writeHome } from "./home-entry.js";

export interface Start {
  /** null: it does not load; `problems` say why. */
  readonly ruleset: Ruleset | null;
  readonly problems: readonly Diagnostic[];
  /** With its places; loaded only now where the ruleset comes from a cache entry. */
  loaded(): LoadedOssec | null;
  readonly cached: boolean;
  /** What an earlier run found out about its engine's prefilters. */
  readonly prefilters?: KnownPrefilters;
  /** To be called when the engine's patterns are compiled: writes the cache entry. */
  write(prefilters: KnownPrefilters): void;
}

/** @param identity - of the zopf that runs; null: nothing is cached */
export function startOf(request: LogtestRequest, identity: string | null): Start {
  const { ossec, wazuh, decoders = [], rules = [], engine } = request;
  const folder = wazuh ?? ossec;
  const both = wazuh !== undefined && ossec !== undefined;
  if (folder === undefined || identity === null || both || decoders.length + rules.length > 0) {
    const { loaded, problems } = loadConfiguration(request);
    return { ruleset: loaded, problems, loaded: () => loaded, cached: false, write: () => undefined };
  }
  const read = (dialect: DialectName) => readHome(folder, dialect, folderSource(folder), identity);
  const home =
    wazuh === undefined
      ? (read(engine) ?? (homeKind(folderSource(folder)) === "wazuh" ? read("wazuh4") : null))
      : read("wazuh4");
  if (home !== null) {
    const loaded = () => loadConfiguration(request).loaded;
    return { ...home, loaded, cached: true, write: () => undefined };
  }
  const source = new NotedSource(folderSource(folder));
  const { loaded, problems } = loadConfiguration(request, () => source);
  const write = (prefilters: KnownPrefilters): void => {
    if (loaded !== null)
      writeHome(folder, { ruleset: rulesetOf(loaded), prefilters, problems }, source, identity);
  };
  return { ruleset: loaded, problems, loaded: () => loaded, cached: false, write };
}
