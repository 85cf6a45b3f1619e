/** From the editors' texts to what the engine runs. */
import { latin1 } from "../../../src/files/ossec-source.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import type { Dialect, DialectName } from "../../../src/ossec/dialect.js";
import { ossecDialects } from "../../../src/ossec/dialects.js";
import { loadLooseAs, loadOssec } from "../../../src/ossec/load/index.js";
import type { LooseFile } from "../../../src/ossec/load/load-loose.js";
import { wazuh4 } from "../../../src/wazuh/dialect.js";
import { type BegunLoad, beginWazuh, loadWazuh } from "../../../src/wazuh/load/index.js";
import { bytesOf } from "./bytes.js";
import type { EditorName, PlaygroundInput, RulesetFiles } from "./input.js";
import { homeOf, homePlaces, loosePlaces, type Ruleset, sourceOf } from "./ruleset.js";

export const dialectOf = (engine: DialectName): Dialect =>
  engine === "wazuh4" ? wazuh4 : ossecDialects[engine];

/** Which editor a file of diagnostics is in; null: it is of the rule set. */
export function editorOf(file: string): Exclude<EditorName, "lines"> | null {
  for (const places of [loosePlaces, homePlaces.ossec, homePlaces.wazuh])
    for (const name of ["decoders", "rules", "conf"] as const) if (places[name] === file) return name;
  return null;
}

/** Is the rule set one that this engine reads? */
export const fits = (ruleset: Ruleset | null, engine: DialectName): ruleset is Ruleset =>
  ruleset !== null && (ruleset.family === "wazuh") === (engine === "wazuh4");

/** Own files alone, in the order in which they load. */
export function looseFiles({ decoders, rules, conf }: PlaygroundInput): RulesetFiles {
  const files = new Map<string, Uint8Array>();
  if (decoders.trim() !== "") files.set(loosePlaces.decoders, bytesOf(decoders));
  if (rules.trim() !== "") files.set(loosePlaces.rules, bytesOf(rules));
  if (conf.trim() !== "") files.set(loosePlaces.conf, bytesOf(conf));
  return files;
}

/** @param ruleset - loaded before the own files; null: own files alone */
export function loadInput(input: PlaygroundInput, ruleset: Ruleset | null): LoadedOssec {
  const { engine } = input;
  if (fits(ruleset, engine)) {
    const { files, guessedOrder } = homeOf(ruleset, input);
    if (guessedOrder) return loadGuessed(files, engine);
    const source = sourceOf(files);
    return engine === "wazuh4" ? loadWazuh(source) : loadOssec(source, { engine });
  }
  const loose = [...looseFiles(input)].map(([file, bytes]): LooseFile => ({ file, bytes }));
  const named = (name: Exclude<EditorName, "lines">) =>
    loose.filter(({ file }) => file === loosePlaces[name]);
  return loadLooseAs(
    { decoders: named("decoders"), rules: named("rules"), conf: named("conf") },
    dialectOf(engine),
    {},
  );
}

/** A load that waits for the texts of decoders and rules. */
export class LoadAhead {
  readonly #input: PlaygroundInput;
  readonly #ruleset: Ruleset;
  readonly #finish: BegunLoad;

  private constructor(input: PlaygroundInput, ruleset: Ruleset, finish: BegunLoad) {
    this.#input = input;
    this.#ruleset = ruleset;
    this.#finish = finish;
  }

  /** Everything but the editors' own decoders and rules; null: it is not worth while, or cannot be. */
  static of(input: PlaygroundInput, ruleset: Ruleset | null): LoadAhead | null {
    if (input.engine !== "wazuh4" || !fits(ruleset, input.engine)) return null;
    const { decoders, rules } = homePlaces.wazuh;
    const finish = beginWazuh(sourceOf(homeOf(ruleset, input).files), {}, new Set([decoders, rules]));
    return finish === null ? null : new LoadAhead(input, ruleset, finish);
  }

  /** The load with these texts, once; null: something else has changed as well. */
  take(input: PlaygroundInput, ruleset: Ruleset | null): LoadedOssec | null {
    const begun = this.#input;
    // An empty text is no file.
    const isThere = (text: string): boolean => text.trim() !== "";
    return ruleset === this.#ruleset &&
      input.engine === begun.engine &&
      input.conf === begun.conf &&
      isThere(input.decoders) === isThere(begun.decoders) &&
      isThere(input.rules) === isThere(begun.rules)
      ? this.#finish(sourceOf(homeOf(ruleset, input).files))
      : null;
  }
}

/** No ossec.conf says an order: references between files resolve whatever it is. */
function loadGuessed(files: RulesetFiles, engine: DialectName): LoadedOssec {
  const places = homePlaces.ossec;
  const rank = (file: string): number =>
    file === places.rules || file === places.decoders
      ? 2
      : /(?:^|\/)(?:decoder|rules_config)\.xml$/.test(file)
        ? 0
        : 1;
  const sorted = [...files]
    .map(([file, bytes]): LooseFile => ({ file, bytes }))
    .sort((one, other) => rank(one.file) - rank(other.file));
  const conf = sorted.filter(({ file, bytes }) => file === places.conf && latin1(bytes).trim() !== "");
  return loadLooseAs(
    {
      decoders: sorted.filter(({ file }) => /^etc\/.*\.xml$/.test(file)),
      rules: sorted.filter(({ file }) => file.startsWith("rules/")),
      lists: sorted.filter(({ file }) => file.includes("lists/")),
      conf,
    },
    dialectOf(engine),
    { order: "unknown" },
  );
}
