/** fail2ban's configuration: a folder such as /etc/fail2ban with its jails, or filters by themselves. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseNetwork } from "../../compiler/decode/network.js";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import type { OssecSettings } from "../../dsl/bundle.js";
import type { Firewall } from "../../dsl/firewall.js";
import type { Network } from "../../dsl/network.js";
import { reasonOf } from "../../files/system-error.js";
import { bundleEngine } from "../bundle-engine.js";
import { codes } from "../codes.js";
import type { Drafted, DraftModule, Imported, Refused } from "../draft.js";
import type { ReadOptions, ReadSource } from "../source.js";
import { baseName, firewallOf, type JailParts, jailParts } from "./bundle.js";
import { IniFiles } from "./config.js";
import { durationText } from "./durations.js";
import { type Filter, readFilter } from "./filter.js";
import { formsOf } from "./forms.js";
import { sharedGrowth } from "./growth.js";
import { type Jail, readJails } from "./jails.js";
import { type LineEngine, lineEngines } from "./line-engine.js";
import type { ImportedJail } from "./proof/jail-side.js";
import { isFolder } from "./recognise.js";

/** What a path holds. */
type Given =
  | { readonly kind: "installation"; readonly folder: string }
  | { readonly kind: "filters"; readonly folder: string; readonly names: readonly string[] };

function givenBy(path: string): Given {
  if (isFolder(path)) {
    if (["jail.conf", "jail.local", "jail.d"].some((name) => existsSync(join(path, name))))
      return { kind: "installation", folder: path };
    const folder = isFolder(join(path, "filter.d")) ? join(path, "filter.d") : path;
    const names = readdirSync(folder)
      .filter((name) => /\.conf$/.test(name) && !/common\.conf$/.test(name))
      .map((name) => name.replace(/\.conf$/, ""))
      .sort();
    return { kind: "filters", folder, names };
  }
  if (/^jail\.(?:conf|local)$/.test(basename(path))) return { kind: "installation", folder: dirname(path) };
  return { kind: "filters", folder: dirname(path), names: [basename(path).replace(/\.(?:conf|local)$/, "")] };
}

export const readFail2ban: ReadSource = async (options) => {
  const { paths, show } = options;
  const engine = bundleEngine(options);
  if (!engine.ok) return { draft: null, diagnostics: [engine.diagnostic] };
  const files = new IniFiles(show);
  const collected = new Collected(lineEngines[engine.kind]);
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const start: Span = { file: show(path), line: 1, column: 1 };
    if (!existsSync(path)) {
      diagnostics.push(codes.input(start, "is not there"));
      continue;
    }
    try {
      const given = givenBy(path);
      if (given.kind === "installation") diagnostics.push(...collected.addJails(given.folder, files, start));
      else for (const name of given.names) collected.addFilter(given.folder, name, files, start);
    } catch (error) {
      diagnostics.push(codes.input(start, `cannot be read: ${reasonOf(error)}`));
    }
  }
  return collected.imported(options, engine.settings, [...diagnostics, ...files.diagnostics]);
};

/** What was read so far. */
class Collected {
  readonly #parts: JailParts[] = [];
  readonly #imported: ImportedJail[] = [];
  readonly #refused: Refused[] = [];
  readonly #jails: Jail[] = [];
  readonly #names = new Set<string>();
  /** Jails by their expressions. */
  readonly #sharing = new Map<string, readonly { readonly name: string; readonly parts: JailParts }[]>();
  readonly #disabled: string[] = [];
  readonly #engine: LineEngine;

  constructor(engine: LineEngine) {
    this.#engine = engine;
  }

  #base(name: string): string {
    const wanted = baseName(name);
    let base = wanted;
    for (let number = 2; this.#names.has(base); number++) base = `${wanted}_${number}`;
    this.#names.add(base);
    return base;
  }

  #add(imported: ImportedJail, name: string): void {
    const key = JSON.stringify(imported.forms.forms.map(({ program, regex }) => [program, regex]));
    const sharing = this.#sharing.get(key) ?? [];
    const [first] = sharing;
    const parts = jailParts(imported, this.#base(name), {
      same: first === undefined ? null : { jail: first.name, lines: first.parts.lines },
      sharing: sharing.length,
      forms: this.#imported.flatMap(({ forms }) => forms.forms),
    });
    this.#imported.push(imported);
    this.#parts.push(parts);
    if (imported.jail !== null && parts.lines.length > 0)
      this.#sharing.set(key, [...sharing, { name, parts }]);
  }

  /** What fail2ban itself would not start with. */
  #isBroken(filter: Filter, what: string, files: IniFiles): boolean {
    for (const problem of filter.problems)
      files.diagnostics.push(codes.broken(filter.place, `${what} did not come over: ${problem}`));
    return filter.problems.length > 0;
  }

  addFilter(folder: string, name: string, files: IniFiles, place: Span): void {
    const filter = readFilter(folder, { name, options: new Map() }, files);
    if (filter !== null && this.#isBroken(filter, `filter ${name}`, files)) return;
    if (filter === null || filter.failregex.length === 0) {
      this.#refused.push({
        what: `filter ${name}`,
        place: filter?.place ?? place,
        reason: "it has no failregex",
      });
      return;
    }
    this.#add({ filter, forms: formsOf(filter, this.#engine), jail: null }, name);
  }

  addJails(folder: string, files: IniFiles, place: Span): readonly Diagnostic[] {
    const { enabled, disabled, broken } = readJails(folder, files);
    this.#disabled.push(...disabled);
    const diagnostics = broken.map(({ what, place: at, reason }) => codes.broken(at, `${what}: ${reason}`));
    if (enabled.length === 0 && broken.length === 0)
      return [
        codes.input(
          place,
          "no jail is enabled there",
          "say enabled = true in jail.local, or give the filters themselves: filter.d/NAME.conf",
        ),
      ];
    for (const jail of enabled) {
      const filter = readFilter(join(folder, "filter.d"), jail.filter, files);
      if (filter !== null && this.#isBroken(filter, `jail ${jail.name}`, files)) continue;
      if (filter === null || filter.failregex.length === 0) {
        this.#refused.push({
          what: `jail ${jail.name}`,
          place: jail.place,
          reason:
            filter === null
              ? existsSync(join(folder, "filter.d", `${jail.filter.name}.conf`))
                ? `filter.d/${jail.filter.name}.conf cannot be read`
                : `there is no filter.d/${jail.filter.name}.conf`
              : `filter ${filter.name} has no failregex`,
        });
        continue;
      }
      this.#jails.push(jail);
      this.#add({ filter, forms: formsOf(filter, this.#engine), jail }, jail.name);
    }
    return diagnostics;
  }

  imported(
    { name: wish }: ReadOptions,
    settings: OssecSettings,
    diagnostics: readonly Diagnostic[],
  ): Imported {
    const name = wish ?? "fail2ban";
    const detections = this.#parts.flatMap((part) => part.detections);
    const refused = [...this.#refused, ...this.#parts.flatMap((part) => part.refused)];
    if (detections.length === 0) return { draft: null, refused, diagnostics };
    const firewall = this.#firewall(refused);
    const responses = firewall === null ? [] : this.#responses(refused);
    const module: DraftModule = { name, comments: [], constants: [], detections, raw: [] };
    return {
      draft: {
        settings: {
          name,
          ossec: settings.dialect === "wazuh" ? settings : { ...settings, decodersFirst: true },
          ...(responses.length === 0 || firewall === null ? {} : { firewall }),
          neverBlock: responses.length === 0 ? [] : this.#neverBlock(refused),
          ownAddresses: [],
        },
        comments: this.#comments(),
        modules: [module],
        lists: [],
        responses,
        refused,
      },
      diagnostics,
      prove: async (emitted, proofOptions) => {
        const { proveJails } = await import("./proof/prove-jails.js");
        return proveJails(this.#imported, emitted, proofOptions);
      },
    };
  }

  #responses(refused: Refused[]): JailParts["responses"] {
    const responses = this.#parts.flatMap((part) => part.responses);
    if (responses.length === 0) return [];
    const growth = sharedGrowth(this.#jails, this.#engine.product);
    refused.push(...growth.refused);
    if (growth.steps.length === 0) return responses;
    const escalate = growth.steps.map(durationText);
    return responses.map((response) => ({ ...response, value: { ...response.value, escalate } }));
  }

  #comments(): readonly string[] {
    return [
      "From fail2ban's configuration. Its decoders stand before OSSEC's own, as ossec.conf has to say: docs/import-fail2ban.md.",
      ...(this.#disabled.length === 0
        ? []
        : [
            `Jails that are not enabled stayed behind: ${this.#disabled.length > 12 ? this.#disabled.length : this.#disabled.join(", ")}.`,
          ]),
    ];
  }

  #firewall(refused: Refused[]): Firewall | null {
    let chosen: { readonly firewall: Firewall; readonly action: string } | null = null;
    for (const { banAction: action, name, banActionPlace: place } of this.#jails) {
      const firewall = firewallOf(action);
      if (firewall === null) {
        if (chosen === null || action !== "")
          refused.push({
            what: `banaction ${action === "" ? "(none)" : action} of jail ${name}`,
            place,
            reason:
              "zopf has no such packet filter: nftables, iptables, pf, ipfw or routes block in its place",
          });
      } else if (chosen === null) chosen = { firewall, action };
      else if (chosen.firewall.kind !== firewall.kind)
        refused.push({
          what: `banaction ${action} of jail ${name}`,
          place,
          reason: `a bundle has one packet filter, that of ${chosen.action}`,
        });
    }
    if (this.#jails.length === 0) return null;
    return chosen?.firewall ?? { kind: "nftables", table: "fail2ban" };
  }

  /** What is ignored, and this host by its loopback: fail2ban lets its own addresses off (ignoreself). */
  #neverBlock(refused: Refused[]): readonly Drafted<Network>[] {
    const found = new Map<string, Drafted<Network>>();
    const lost = new Set<string>();
    const [first] = this.#jails;
    const start: Span = first?.place ?? { file: "jail.conf", line: 1, column: 1 };
    const add = (text: string, place: Span): void => {
      const parsed = parseNetwork(text);
      if (parsed === null) {
        if (lost.has(text)) return;
        lost.add(text);
        refused.push({
          what: `ignoreip ${text.slice(0, 80)}`,
          place,
          reason: "it is neither an address nor a prefix: names are not looked up",
        });
      } else if (!found.has(parsed.network))
        found.set(parsed.network, { value: parsed.network, comments: [], origin: { place, rules: [] } });
    };
    for (const loopback of ["127.0.0.0/8", "::1"]) add(loopback, start);
    for (const { ignored, ignoredPlace } of this.#jails) for (const text of ignored) add(text, ignoredPlace);
    return [...found.values()];
  }
}
