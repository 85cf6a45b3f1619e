import { locationOf } from "../compiler/verify/samples.js";
import { rulesAbove } from "../explain/explain.js";
import { childValue } from "../merge/merge.js";
import type { BurstDetectionModel, DetectionModel, Model } from "../model/model.js";
import type { DecoderDefinition, LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import type { Engine, EngineEvent } from "../ossec/engine/index.js";
import { readXml } from "../ossec/xml/read.js";
import { positionAt, type SourceRange, sourceText } from "../ossec/xml/source.js";
import { jsonNotices } from "../targets/ossec/decoders.js";
import { suiteFiles, suiteOf } from "../targets/ossec/suite.js";
import { ownsOf } from "../targets/owns.js";

/** Who has an event that the bundle waits for, and what would give it back. */
export interface Taken {
  readonly what: "decoder" | "rule";
  readonly reason: string;
  readonly help: string;
}

/** Looks up in a merged home who took a line that did not reach the bundle's rule. */
export class Taker {
  readonly #loaded: LoadedOssec;
  readonly #model: Model;
  readonly #confName: string;
  readonly #own: ReadonlySet<string>;

  constructor(model: Model, loaded: LoadedOssec, confName: string) {
    this.#model = model;
    this.#loaded = loaded;
    this.#confName = confName;
    this.#own = new Set([...ownsOf(model).decoders, ...(jsonNotices(model) === null ? [] : ["json"])]);
  }

  /** Asks the engine once more, watched: which decoder it tried last is the one that has the line. */
  of(engine: Engine, line: string, time: number, detection: DetectionModel, event: EngineEvent): Taken {
    const tried: DecoderDefinition[] = [];
    engine.observe({
      decoderTried: (decoder) => {
        if (decoder.parent === null) tried.push(decoder);
      },
    });
    engine.process(line, time, locationOf(this.#model, detection));
    engine.observe(null);
    const last = tried.at(-1);
    if (event.kind !== "event")
      return {
        what: "rule",
        reason:
          event.kind === "crash"
            ? `it kills ${suiteOf(this.#model.ossec).suite}: ${event.reason}`
            : `${suiteOf(this.#model.ossec).suite} skips it`,
        help: "lint of the home says more",
      };
    // What a rule stands below has decoders of the host's.
    if (detection.kind === "rule") return this.#rule(detection, event.rule);
    if (event.decoder === null)
      return {
        what: "decoder",
        reason: `no decoder takes it${this.#isLoaded() ? "" : ": the bundle's is not loaded"}`,
        help: `see that ${this.#confName} loads ${suiteFiles(this.#model).decoders.place}`,
      };
    if (!this.#own.has(event.decoder) && last !== undefined)
      return this.#decoder(last, detection, event.rule);
    return this.#rule(detection, event.rule);
  }

  #isLoaded(): boolean {
    return this.#loaded.decoders.all.some(({ name }) => this.#own.has(name));
  }

  /** Who has the last event of a burst. */
  ofBurst(burst: BurstDetectionModel, event: EngineEvent): Taken {
    return this.#rule(burst, event.kind === "event" ? event.rule : null);
  }

  placeOfRule(rule: RuleDefinition): string {
    return placeText(this.#loaded.written.rule(rule).idPlace);
  }

  placeOfRuleId(id: number): string {
    const rule = this.#loaded.ruleById.get(id);
    return rule === undefined ? "not loaded" : this.placeOfRule(rule);
  }

  #decoder(decoder: DecoderDefinition, detection: DetectionModel, rule: RuleDefinition | null): Taken {
    const { place } = this.#loaded.written.decoder(decoder);
    const at = placeText(place);
    const fires = rule === null ? "no rule fires" : `rule ${rule.id} (${this.placeOfRule(rule)}) fires`;
    return {
      what: "decoder",
      reason: `the decoder ${shownBytes(decoder.name)} (${at}) stands before the bundle's and takes it, and ${fires}`,
      help: `${this.#decoderHelp(place)}${countInstead(detection, rule)}`,
    };
  }

  /** The order of the files, or the place of the bundle's block in the file that holds both. */
  #decoderHelp(place: SourceRange): string {
    const own = suiteFiles(this.#model).decoders.place;
    if (suiteOf(this.#model.ossec).namesFiles)
      return `decoder files are read by the order of their names: call ${place.source.file} so that it comes behind ${own}; other rules no longer see the lines that the bundle's decoder takes`;
    const named = this.#loaded.conf.decoders.map(({ path }) => path);
    const { name } = this.#model;
    if (place.source.file.endsWith(`/${own}`) || place.source.file === own)
      return `in ${place.source.file}, move the lines from <!-- zopf:begin ${name} --> to <!-- zopf:end ${name} --> before line ${positionAt(place.source, place.start).line}; they stay there`;
    const rest = named.filter((path) => path !== own);
    const order = [own, ...(rest.length === 0 ? ["etc/decoder.xml"] : rest)]
      .map((path) => `<decoder>${path}</decoder>`)
      .join("");
    return `in <rules> of ${this.#confName}, write ${order}, in this order (decodersFirst: true in the bundle only states that it is so); other rules no longer see the lines that the bundle's decoder takes`;
  }

  #rule(detection: DetectionModel, taker: RuleDefinition | null): Taken {
    const { rule } = detection;
    const loaded = this.#loaded.ruleById.get(rule.id);
    if (loaded === undefined)
      return {
        what: "rule",
        reason: `rule ${rule.id} is not loaded`,
        help: `see that ${this.#confName} loads ${suiteFiles(this.#model).rules.place}`,
      };
    if (taker === null)
      return {
        what: "rule",
        reason: "no rule fires",
        help: `zopf explain ${rule.id} with the line, on the home, says which condition is not met`,
      };
    const at = this.placeOfRule(taker);
    if (taker.id === rule.id)
      return {
        what: "rule",
        reason: `the decoder reads it otherwise, or rule ${rule.id} is overwritten (${at})`,
        help: "compare the decoders of the home with the bundle's",
      };
    const above = rulesAbove(this.#loaded, taker.id);
    if (above.some(({ id }) => id === rule.id))
      return {
        what: "rule",
        reason: `rule ${taker.id} (${at}), a child of it, takes the event`,
        help: `name rule ${taker.id} in the response as well (when: { rule: ${taker.id} }), or take the child out`,
      };
    const ownAbove = rulesAbove(this.#loaded, rule.id);
    const rootChild = this.#apart(taker, above, ownAbove);
    const ownRootChild = this.#apart(loaded, ownAbove, above);
    return {
      what: "rule",
      reason: `rule ${taker.id} (${at}, level ${taker.level}) takes the event`,
      help: siblingHelp(detection, this.#named(ownRootChild), rootChild, this.placeOfRule(rootChild)),
    };
  }

  /** The highest of a rule and those above it that the other rule does not stand below: what decides between the two. */
  #apart(
    rule: RuleDefinition,
    above: readonly RuleDefinition[],
    others: readonly RuleDefinition[],
  ): RuleDefinition {
    const common = new Set(others.map(({ id }) => id));
    return [rule, ...above].filter(({ id }) => !this.#isRoot(id) && !common.has(id)).at(-1) ?? rule;
  }

  /** The bundle's detection whose rule it is. */
  #named(rule: RuleDefinition): DetectionModel | null {
    return this.#model.detections.find((detection) => detection.rule.id === rule.id) ?? null;
  }

  #isRoot(id: number): boolean {
    return this.#loaded.roots.some((node) => node.rule.id === id);
  }
}

/** Siblings are tried from the highest level down, those of level 0 before all, and of one level as they are loaded. */
function siblingHelp(
  { rule }: DetectionModel,
  decides: DetectionModel | null,
  other: RuleDefinition,
  at: string,
): string {
  if (decides !== null && other.level > 0 && other.level < 16 && other.search === null) {
    const below = decides.rule.id === rule.id ? "" : `, which rule ${rule.id} stands below,`;
    return `rules of a higher level are tried first: give rule ${decides.rule.id} of "${decides.name}"${below} a level above ${other.level}, or overwrite rule ${other.id} (${at}) with a condition that this line does not meet`;
  }
  return `rule ${other.id} (${at}) is tried before rule ${rule.id}: overwrite it with a condition that this line does not meet`;
}

function countInstead(detection: DetectionModel, rule: RuleDefinition | null): string {
  return detection.kind !== "log" || rule === null || rule.level === 0
    ? ""
    : `; or let a burst or a response of the bundle name rule ${rule.id}, which takes the line already`;
}

function placeText({ source, start }: SourceRange): string {
  return `${source.file}:${positionAt(source, start).line}`;
}

/** The line of the first `<disabled>yes</disabled>` in an active response; null: there is none. */
export function responsesOff(conf: string, dialect: Dialect): number | null {
  const source = sourceText("", conf);
  const { roots } = readXml(source, { dialect, variables: false });
  const off = roots
    .flatMap(({ children }) => children)
    .find((element) => element.name === "active-response" && childValue(element, "disabled") === "yes");
  return off === undefined ? null : positionAt(source, off.start).line;
}

/** Bytes of a line as people read them, cut short. */
export function shownBytes(bytes: string): string {
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  return JSON.stringify(text.length > 160 ? `${text.slice(0, 157)}…` : text);
}
