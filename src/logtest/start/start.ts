/** What `zopf logtest` runs on: loaded from its files, or taken from the cache entry of an earlier run. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { folderSource } from "../../files/folder-source.js";
import { type LoadedOssec, type Ruleset, rulesetOf } from "../../ossec/definitions.js";
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
  const { ossec, decoders = [], rules = [], engine } = request;
  if (ossec === undefined || identity === null || decoders.length + rules.length > 0) {
    const { loaded, problems } = loadConfiguration(request);
    return { ruleset: loaded, problems, loaded: () => loaded, cached: false, write: () => undefined };
  }
  const home = readHome(ossec, engine, folderSource(ossec), identity);
  if (home !== null) {
    const loaded = () => loadConfiguration(request).loaded;
    return { ...home, problems: [], loaded, cached: true, write: () => undefined };
  }
  const source = new NotedSource(folderSource(ossec));
  const { loaded, problems } = loadConfiguration(request, () => source);
  const write = (prefilters: KnownPrefilters): void => {
    if (loaded !== null && problems.length === 0)
      writeHome(ossec, { ruleset: rulesetOf(loaded), prefilters }, source, identity);
  };
  return { ruleset: loaded, problems, loaded: () => loaded, cached: false, write };
}
