/** From the editors' texts to what the engine runs. */
import { latin1 } from "../../../src/files/ossec-source.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import type { Dialect, DialectName } from "../../../src/ossec/dialect.js";
import { ossecDialects } from "../../../src/ossec/dialects.js";
import { loadLooseAs, loadOssec } from "../../../src/ossec/load/index.js";
import type { LooseFile } from "../../../src/ossec/load/load-loose.js";
import { wazuh4 } from "../../../src/wazuh/dialect.js";
import { loadWazuh } from "../../../src/wazuh/load/index.js";
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
