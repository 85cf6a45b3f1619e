/** Sigma rules as detections of a bundle. */
import type { Detection } from "../../dsl/detection.js";
import type { Level } from "../../dsl/rule.js";
import type { DeclaredLog } from "../../dsl/zeek-log.js";
import type { Draft, Drafted, Refused } from "../draft.js";
import { type Document, group, indent, line } from "../writer/document.js";
import { DetectionNames } from "../writer/identifiers.js";
import { stringLiteral } from "../writer/text.js";
import { accessLines, plainLines, testOfLines } from "./access-lines.js";
import type { CorrelationPart, Part } from "./correlation-part.js";
import { evaluate } from "./evaluate.js";
import { refusedOf, withFilters } from "./filters.js";
import { lineEvent } from "./line-events.js";
import { accessFormat, hostFields, type LineFormat, type LineSource, lineSourceOf } from "./line-formats.js";
import { lineMatchesOf } from "./line-match.js";
import { type Column, type ZeekLog, zeekLogOf } from "./log-columns.js";
import {
  type Correlation,
  type EventRule,
  type LogSource,
  Refusal,
  type RuleInfo,
  type SigmaRule,
} from "./rule.js";
import type { SigmaHome } from "./web-home.js";
import { whereOf } from "./where.js";

/** A rule that came over, for the proof. */
export interface Translated {
  readonly rule: EventRule;
  readonly name: string;
  /** null: it is about lines. */
  readonly log: ZeekLog | null;
  /** The form of the lines; null: rows, or lines without fields. */
  readonly format: LineFormat | null;
  /** Programs whose lines alone it is about; none: of any. */
  readonly programs: readonly string[];
}

export interface SigmaDraft {
  readonly draft: Draft;
  readonly translated: readonly Translated[];
  /** Correlations that came over, for the proof. */
  readonly correlations: readonly CorrelationPart[];
}

/** Grave enough for OSSEC's own mail from high on. */
const levels: ReadonlyMap<string, Level> = new Map([
  ["informational", 3],
  ["low", 4],
  ["medium", 6],
  ["high", 10],
  ["critical", 12],
]);

export interface DraftOptions {
  /** Rules about web servers look at access logs; else at http.log. */
  readonly accessLogs?: boolean;
  /** Rules that correlations among what was refused before are about. */
  readonly onlyCounted?: readonly string[];
  /** The home that it is for. */
  readonly home?: Pick<SigmaHome, "dialect" | "webGroup"> | null;
}

export function draftOf(
  rules: readonly SigmaRule[],
  name: string,
  refusedBefore: readonly Refused[],
  options: DraftOptions = {},
): SigmaDraft {
  const filtered = withFilters(rules);
  const builder = new Builder(filtered.rules, options);
  const { detections, refused, functions, logs, translated, correlations } = builder.build();
  const hasZeek = detections.some(({ value }) => value.kind === "zeek" || value.kind === "rows");
  return {
    translated,
    correlations,
    draft: {
      settings: {
        name,
        ossec:
          options.home?.dialect === "wazuh"
            ? { dialect: "wazuh", home: "/var/ossec" }
            : { home: "/var/ossec" },
        ...(hasZeek ? { zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" } } : {}),
        neverBlock: [],
        ownAddresses: [],
      },
      comments: [
        "Sigma rules. Folders of Zeek and OSSEC are those of a usual installation: make them yours.",
      ],
      modules: modulesOf(name, detections),
      lists: [],
      responses: [],
      refused: [...refusedBefore, ...filtered.refused, ...refused],
      functions,
      logs,
    },
  };
}

/** Detections of one file: TypeScript gives up on arrays of a thousand of them. */
const mostTogether = 250;

function modulesOf(name: string, detections: readonly Drafted<Detection>[]): Draft["modules"] {
  const count = Math.max(1, Math.ceil(detections.length / mostTogether));
  return Array.from({ length: count }, (_, at) => ({
    name: count === 1 ? name : `rules_${at + 1}`,
    comments: [],
    constants: [],
    detections: detections.slice(at * mostTogether, (at + 1) * mostTogether),
    raw: [],
  }));
}

class Builder {
  readonly #rules: readonly (EventRule | Correlation)[];
  readonly #byName = new Map<string, EventRule | Correlation>();
  readonly #names = new DetectionNames();
  readonly #functions = new Map<object, Document>();
  readonly #imports = new Set<string>();
  readonly #logs = new Set<DeclaredLog>();
  readonly #detections: Drafted<Detection>[] = [];
  readonly #refused: Refused[] = [];
  readonly #translated: Translated[] = [];
  /** What a rule became: by the rule, and the address that its notices are about. */
  #made = new Map<EventRule | Correlation, ReadonlyMap<string, string>>();
  /** What correlations that came over are about. */
  readonly #parts = new Map<Correlation, CorrelationPart>();
  /** Correlations that are being made: one that is about itself has no end. */
  readonly #open = new Set<Correlation>();
  /** Rules that a correlation that came over is about. */
  readonly #used = new Set<EventRule | Correlation>();

  readonly #onlyCounted: readonly string[];
  readonly #accessLogs: boolean;
  /** The group of the host's own rules about access logs, below which those stand instead; null: it has none. */
  readonly #webGroup: string | null;
  /** Lines of an access log that none of the rules so far takes. */
  #plainLines = plainLines;
  /** The detection that all rules about access logs stand below. */
  readonly #accessName: string;

  constructor(rules: readonly (EventRule | Correlation)[], { accessLogs, onlyCounted, home }: DraftOptions) {
    this.#rules = rules;
    this.#onlyCounted = onlyCounted ?? [];
    this.#accessLogs = accessLogs ?? false;
    this.#webGroup = home?.webGroup ?? null;
    this.#accessName = this.#names.take("Access Log", "Lines");
    for (const rule of rules)
      for (const name of [rule.id, rule.name])
        if (name !== null && !this.#byName.has(name)) this.#byName.set(name, rule);
  }

  build() {
    const onlyCounted = new Set(this.#onlyCounted.flatMap((name) => this.#byName.get(name) ?? []));
    for (const rule of this.#rules)
      if (rule.kind === "correlation" && !rule.generate)
        for (const name of rule.rules) {
          const base = this.#byName.get(name);
          if (base !== undefined && base !== rule) onlyCounted.add(base);
        }
    for (const rule of this.#rules)
      if (rule.kind === "rule" && !onlyCounted.has(rule)) this.#attempt(rule, () => this.#event(rule, true));
    for (const rule of this.#rules)
      if (rule.kind === "correlation" && !onlyCounted.has(rule))
        this.#attempt(rule, () => this.#correlation(rule, true));
    for (const rule of onlyCounted)
      if (!this.#used.has(rule) && !this.#refused.some(({ place }) => place === rule.place))
        this.#refused.push({
          what: `"${rule.title}"`,
          place: rule.place,
          reason: "only correlations are about it, and none of them came over",
          help: "generate: true in the correlation makes a detection of its own of it",
        });
    const access = this.#translated.find(({ format }) => format?.name === "access");
    return {
      detections:
        access === undefined || this.#webGroup !== null
          ? this.#detections
          : [
              accessLines(this.#accessName, this.#plainLines[0] ?? "", access.rule.place),
              ...this.#detections,
            ],
      refused: this.#refused,
      functions: { texts: this.#functions, constants: [], imports: [...this.#imports].sort() },
      logs: [...this.#logs],
      translated: this.#translated,
      correlations: [...this.#parts.values()],
    };
  }

  /** All of a rule, or nothing. */
  #attempt(rule: SigmaRule, make: () => void): void {
    const before = this.#detections.length;
    const translatedBefore = this.#translated.length;
    // Of a single rule it is written down last, when nothing can be refused any more.
    const madeBefore = rule.kind === "correlation" ? new Map(this.#made) : this.#made;
    try {
      make();
      if (rule.kind === "correlation") this.#use(rule);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#detections.splice(before);
      this.#translated.splice(translatedBefore);
      this.#made = madeBefore;
      for (const one of this.#parts.keys()) if (!this.#made.has(one)) this.#parts.delete(one);
      this.#open.clear();
      this.#refused.push(refusedOf(rule, error));
    }
  }

  #use(rule: Correlation): void {
    for (const name of rule.rules) {
      const base = this.#byName.get(name);
      if (base === undefined || this.#used.has(base)) continue;
      this.#used.add(base);
      if (base.kind === "correlation") this.#use(base);
    }
  }

  #remember(rule: EventRule | Correlation, per: string, name: string): string {
    this.#made.set(rule, new Map(this.#made.get(rule)).set(per, name));
    return name;
  }

  /** The detection of a rule that stands for one event; the name of what it became. */
  #event(rule: EventRule, reports: boolean, per = source): string {
    const made = this.#made.get(rule)?.get(per);
    if (made !== undefined) return made;
    const log = this.#zeekLog(rule.source);
    const lines = this.#lines(rule.source) ?? { format: null, programs: [] };
    const read = ofLines(rule, lines.format);
    const names = log === null ? this.#line(read, reports) : [this.#rows(rule, rule, log, { reports, per })];
    for (const name of names) this.#translated.push({ rule: read, name, log, ...lines });
    const [first = "", ...more] = names;
    if (!reports && more.length > 0)
      throw new Refusal(rule.place, "it is too long for one rule of OSSEC's, and correlations need one");
    return this.#remember(rule, per, first);
  }

  /** The lines that a log source means; null: none. */
  #lines(source: LogSource): LineSource | null {
    return lineSourceOf(source, this.#accessLogs);
  }

  /** The log of Zeek that answers; null: none does, or lines do. */
  #zeekLog(source: LogSource): ZeekLog | null {
    return this.#lines(source) === null ? zeekLogOf(source) : null;
  }

  #name(info: RuleInfo): string {
    return this.#names.take(info.title, (info.id ?? "").replace(/[^A-Za-z0-9]/g, "").slice(0, 8) || "Sigma");
  }

  /** Rows of a log of Zeek's: the first one, or as many as a correlation counts. */
  #rows(
    rule: EventRule,
    info: RuleInfo,
    log: ZeekLog,
    {
      reports,
      count = { events: true },
      threshold = 1,
      window = 60,
      per = source,
    }: {
      readonly reports: boolean;
      readonly count?: { readonly events: true } | { readonly distinct: string };
      readonly threshold?: number;
      readonly window?: number;
      readonly per?: string;
    },
  ): string {
    const where = whereOf(rule.test, log, this.#imports);
    const name = this.#name(info);
    const address = per.startsWith("[") ? "hit.key[0]" : "hit.key";
    const message = `(hit) => \`${templateText(oneLine(info.title))}: \${${address}}\``;
    const counting = {
      where: this.#function<boolean>(group(["(c) =>", indent([line, where])])),
      per: this.#function(`(c) => ${per}`),
      count: "distinct" in count ? { distinct: this.#function(`(c) => ${count.distinct}`) } : count,
      threshold,
      window: { sliding: durationOf(window) },
      notice: {
        message: this.#function<string>(message),
        // What is only looked back at must be there each time.
        ...(reports ? {} : { suppress: "1 sec" as const }),
      },
      rule: ruleOf(info, reports),
    };
    const event = log.declared ?? { log: knownLog(log.name) };
    const value: Detection = { kind: "rows", name, event, ...counting };
    if (log.declared !== null) this.#logs.add(log.declared);
    this.#add(value, info);
    return name;
  }

  /** Lines of syslog, or of an access log. */
  #line(rule: EventRule, reports: boolean): readonly string[] {
    const { category, product, service, place } = rule.source;
    const lines = this.#lines(rule.source);
    if (lines === null)
      throw new Refusal(
        place,
        `the log source "${[product, category, service].filter((one) => one !== null).join("/")}" is none that Zeek or syslog answers`,
      );
    const { format, programs } = lines;
    const texts = lineMatchesOf(rule.test, format, rule.place);
    if (format?.name === "access" && this.#webGroup === null) this.#leavesLines(rule);
    const { level, ...words } = ruleOf(rule, reports);
    return texts.map((text) => {
      const name = this.#name(rule);
      this.#add(
        {
          kind: "rule",
          name,
          ...(format?.name === "access"
            ? { under: this.#webGroup === null ? { detection: this.#accessName } : { group: this.#webGroup } }
            : { where: { category: "syslog", ...(programs.length === 0 ? {} : { program: programs }) } }),
          match: { language: "pcre2", text },
          effect: { level },
          rule: words,
        },
        rule,
      );
      return name;
    });
  }

  /** A detection has to have a sample, and the one that all lines of access logs come through is nobody else's. */
  #leavesLines({ test, place }: EventRule): void {
    const others = this.#plainLines.filter((line) => {
      const fields = lineEvent(line, accessFormat);
      return fields !== null && !evaluate(test, fields);
    });
    if (others.length === 0)
      throw new Refusal(place, "it, with the rules before it, holds for every usual line of an access log");
    this.#plainLines = others;
  }

  /** The name of what a correlation became, or the first of two. */
  #correlation(rule: Correlation, reports: boolean): string {
    const made = this.#made.get(rule)?.get(source);
    if (made !== undefined) return made;
    if (this.#open.has(rule)) throw new Refusal(rule.place, "the correlation is about itself");
    this.#open.add(rule);
    const bases = rule.rules.map((name) => {
      const base = this.#byName.get(name);
      if (base === undefined)
        throw new Refusal(rule.place, `the correlation is about "${name}", which is no rule of these files`);
      return base;
    });
    const names =
      rule.type === "temporal" || rule.type === "temporal_ordered"
        ? this.#sequence(rule, bases, reports)
        : [this.#counted(rule, bases, reports)];
    this.#open.delete(rule);
    this.#parts.set(rule, {
      kind: "correlation",
      rule,
      names,
      parts: bases.flatMap((base): Part | readonly Part[] => {
        if (base.kind === "correlation") return this.#parts.get(base) ?? [];
        const lines = this.#lines(base.source) ?? { format: null, programs: [] };
        const log = this.#zeekLog(base.source);
        return { kind: "event", rule: ofLines(base, lines.format), log, lines };
      }),
    });
    return this.#remember(rule, source, names[0] ?? "");
  }

  #counted(rule: Correlation, bases: readonly (EventRule | Correlation)[], reports: boolean): string {
    const rules = bases.flatMap((base) => (base.kind === "rule" ? [base] : []));
    const [first, ...more] = rules;
    if (first === undefined || rules.length < bases.length)
      throw new Refusal(rule.place, "it counts what another correlation finds");
    const log = this.#zeekLog(first.source);
    const base: EventRule = more.length === 0 ? first : this.#together(rule, rules);
    if (log === null) return this.#burst(rule, base, rules, reports);
    const [per = "", ...otherKeys] = new Set(rules.map((one) => keyOf(rule, log, one)));
    const counts = new Set(
      rules.map((one) =>
        rule.type === "event_count" ? "" : countedOf(fieldOf(rule, rule.field ?? "", one), rule, log),
      ),
    );
    if (otherKeys.length > 0 || counts.size > 1)
      throw new Refusal(
        rule.place,
        "it counts events of several rules together, by different columns of the log",
      );
    const [distinct = ""] = counts;
    const count = distinct === "" ? ({ events: true } as const) : { distinct };
    if (rule.generate) for (const one of rules) this.#event(one, true);
    return this.#rows(base, rule, log, {
      reports,
      count,
      threshold: rule.atLeast,
      window: rule.seconds,
      per,
    });
  }

  /** A rule for the events of several. */
  #together(rule: Correlation, rules: readonly EventRule[]): EventRule {
    const about = (one: EventRule): string => {
      const lines = this.#lines(one.source);
      return JSON.stringify([
        this.#zeekLog(one.source)?.name ?? null,
        lines?.format?.name ?? null,
        lines?.programs ?? null,
      ]);
    };
    const [first] = rules;
    if (first === undefined || rules.some((one) => about(one) !== about(first)))
      throw new Refusal(rule.place, "it counts events of several logs together");
    return {
      ...first,
      ...rule,
      kind: "rule",
      title: `${rule.title}: events`,
      id: null,
      name: null,
      source: first.source,
      test: { kind: "any", of: rules.map(({ test }) => test) },
    };
  }

  /** So many lines. */
  #burst(rule: Correlation, base: EventRule, rules: readonly EventRule[], reports: boolean): string {
    if (rule.type !== "event_count") throw new Refusal(rule.place, `"${rule.type}" over lines has no form`);
    if (rule.atLeast < 2) throw new Refusal(rule.place, "a count of 1 is the rule itself");
    if (rule.atLeast > mostLines)
      throw new Refusal(
        rule.place,
        `a count of ${rule.atLeast} lines: OSSEC remembers ${mostLines} of a rule`,
      );
    withinReach(rule);
    if (rule.generate && rules.length > 1)
      throw new Refusal(
        rule.place,
        "of a line one rule speaks: several that are counted together cannot be detections of their own, too",
      );
    const detection = this.#event(base, rule.generate);
    const name = this.#name(rule);
    this.#add(
      {
        kind: "burst",
        name,
        of: { detection },
        events: rule.atLeast,
        within: durationOf(rule.seconds),
        per: this.#lineKey(rule, rules),
        rule: ruleOf(rule, reports),
      },
      rule,
    );
    return name;
  }

  /** Two rules one after the other; in any order: both ways. */
  #sequence(
    rule: Correlation,
    bases: readonly (EventRule | Correlation)[],
    reports: boolean,
  ): readonly string[] {
    const [first, second, ...more] = bases;
    if (first === undefined || second === undefined || more.length > 0)
      throw new Refusal(rule.place, `a sequence of ${bases.length} rules; two have a form`);
    if (rule.atLeast !== 2) throw new Refusal(rule.place, "one of two rules is no sequence");
    withinReach(rule);
    const logs = bases.map((base) => this.#zeekLog(this.#sourceOf(base, rule)));
    if (logs.some((log) => log === null) && logs.some((log) => log !== null))
      throw new Refusal(rule.place, "one rule is about lines, the other about Zeek's rows");
    const isZeek = logs.every((log) => log !== null);
    const names = bases.map((base, at) => this.#part(rule, base, logs[at] ?? null));
    const [one = "", other = ""] = names;
    const orders =
      rule.type === "temporal_ordered"
        ? [[one, other]]
        : [
            [one, other],
            [other, one],
          ];
    return orders.map(([from = "", to = ""]) => {
      const name = this.#name(rule);
      this.#add(
        {
          kind: "sequence",
          name,
          first: { detection: from },
          next: { detection: to },
          within: durationOf(rule.seconds),
          per: isZeek ? "source" : this.#lineKey(rule, bases),
          rule: { ...ruleOf(rule, reports), level: isZeek ? levelOf(rule) : levelAbove(rule, bases) },
        },
        rule,
      );
      return name;
    });
  }

  /** What a sequence is made of: events by the address that the sequence follows, or what another correlation counts. */
  #part(rule: Correlation, base: EventRule | Correlation, log: ZeekLog | null): string {
    if (base.kind === "correlation") {
      if (base.type === "temporal" || base.type === "temporal_ordered")
        throw new Refusal(rule.place, "a sequence of sequences has no form");
      if (log !== null && this.#keyOfPart(rule, base, log) !== this.#keyOfPart(base, base, log))
        throw new Refusal(
          rule.place,
          "it does not group by the address that the correlation it is about counts by",
        );
      return this.#correlation(base, rule.generate);
    }
    if (log === null) return this.#event(base, rule.generate);
    const per = keyOf(rule, log, base);
    if (!sources.has(per)) throw new Refusal(rule.place, "a sequence is followed by one address alone");
    if (per === source) return this.#event(base, rule.generate);
    if (rule.generate) this.#event(base, true);
    return this.#event(base, false, per);
  }

  #keyOfPart(rule: Correlation, counted: Correlation, log: ZeekLog): string {
    const base = this.#byName.get(counted.rules[0] ?? "");
    if (base?.kind !== "rule") throw new Refusal(rule.place, "it is about a correlation of correlations");
    return keyOf(rule, log, base);
  }

  /** The log source of what a correlation is about in the end. */
  #sourceOf(base: EventRule | Correlation, rule: Correlation): LogSource {
    if (base.kind === "rule") return base.source;
    const inner = this.#byName.get(base.rules[0] ?? "");
    if (inner?.kind !== "rule")
      throw new Refusal(rule.place, "it is about a correlation that is not about one rule of these files");
    return inner.source;
  }

  /** What the lines of a correlation have in common. */
  #lineKey(rule: Correlation, bases: readonly (EventRule | Correlation)[]): "location" | "all" | "source" {
    const keys = rule.groupBy.map((field) => {
      if (hostFields.has(field.toLowerCase())) return "location";
      const pers = bases.map((base) => {
        const { format } = this.#lines(this.#sourceOf(base, rule)) ?? { format: null };
        const name = base.kind === "rule" ? fieldOf(rule, field, base) : field;
        return format?.fields.get(name.toLowerCase())?.per ?? null;
      });
      if (pers.every((per) => per === "source")) return "source";
      throw new Refusal(rule.place, `lines have no field "${field}" that OSSEC could group by`);
    });
    const [key = "all", ...others] = new Set(keys);
    if (others.length > 0)
      throw new Refusal(rule.place, "it groups by host and address: of lines one has a form");
    return key;
  }

  /** What is only written, and never called. */
  #function<Result>(text: Document): () => Result {
    const made = (): Result => {
      throw new Error("bug in zopf: a function of an import was called");
    };
    this.#functions.set(made, text);
    return made;
  }

  #add(value: Detection, info: RuleInfo): void {
    const { id, status, tags, remarks } = info;
    const known = [
      `Sigma: ${info.title}`,
      [id === null ? "" : `id ${id}`, status === null ? "" : `status ${status}`]
        .filter((one) => one !== "")
        .join(", "),
      tags.length === 0 ? "" : `tags: ${tags.join(", ")}`,
      ...remarks,
    ];
    this.#detections.push({
      value,
      comments: known.filter((text) => text !== ""),
      origin: { place: info.place, rules: [] },
    });
  }
}

type KnownLogName = Extract<Detection, { kind: "rows" }>["event"] extends infer E
  ? E extends { readonly log: infer L }
    ? L
    : never
  : never;

const knownNames: readonly KnownLogName[] = ["conn", "dns", "http", "ssl", "ssh", "ftp", "smtp"];

function knownLog(name: string): KnownLogName {
  const found = knownNames.find((one) => one === name);
  if (found === undefined) throw new Error(`bug in zopf: ${name}.log is not known`);
  return found;
}

/** The newest events of a rule, and the one that completes them. */
const mostLines = 129;

/** OSSEC keeps five digits of a timeframe. */
function withinReach({ seconds, place }: Correlation): void {
  if (seconds > 99_999)
    throw new Refusal(place, "a timespan of more than 27 hours: OSSEC keeps five digits of its seconds");
}

function levelOf({ level }: RuleInfo): Level {
  return levels.get(level ?? "") ?? 6;
}

/** OSSEC looks back from a rule to a burst of a lower level alone. */
function levelAbove(rule: RuleInfo, bases: readonly (EventRule | Correlation)[]): Level {
  const bursts = bases.flatMap((base) => (base.kind === "correlation" ? [levelOf(base)] : []));
  const above = allLevels.find((level) => bursts.every((one) => level > one) && level >= levelOf(rule));
  return above ?? levelOf(rule);
}

const allLevels: readonly Level[] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

/** Techniques; names of tactics would be parts of groups that hosts have: `attack`, `recon`. */
function groupsOf(tags: readonly string[]): readonly string[] {
  const techniques = tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1] ?? []);
  return [...new Set(["sigma", ...techniques.map((one) => `mitre_${one.toLowerCase()}`)])];
}

function ruleOf(info: RuleInfo, reports: boolean) {
  const cves = info.tags.flatMap(
    (tag) => /^cve\.(\d{4}[.-]\d{3,7})$/i.exec(tag)?.[1]?.replace(".", "-") ?? [],
  );
  return {
    level: levelOf(info),
    description: oneLine(info.title),
    groups: groupsOf(info.tags),
    ...(cves.length === 0 ? {} : { info: cves.map((cve) => ({ cve })) }),
    // Only looked back at: OSSEC keeps it, and writes no alert.
    ...(reports ? {} : { log: false }),
  };
}

/** One line without what rules of OSSEC cannot hold. */
function oneLine(text: string): string {
  return (
    text
      .replace(/[\p{C}\p{Z}]+/gu, " ")
      // OSSEC takes a dollar for the start of a variable, Wazuh for a field's.
      .replace(/\$/g, "")
      // Its XML has no way to write these.
      .replace(/</g, "[")
      .replace(/>/g, "]")
      .trim()
      .slice(0, 200) || "Sigma rule"
  );
}

function templateText(text: string): string {
  // The literal's own escapes, in back quotes.
  const inside = stringLiteral(text)
    .slice(1, -1)
    .replace(/\\(["'])/g, "$1");
  return inside.replace(/`/g, "\\`").replace(/\$\{/g, "\\${");
}

function durationOf(seconds: number): `${number} ${"sec" | "min"}` {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} sec`;
}

function ofLines(rule: EventRule, format: LineFormat | null): EventRule {
  return format === null ? rule : { ...rule, test: testOfLines(rule.test, format) };
}

/** What a notice is about where nothing else is said. */
const source = "c.id.orig_h";
const sources: ReadonlySet<string> = new Set([source, "c.id.resp_h"]);

function columnOf(field: string, log: ZeekLog, { place }: RuleInfo): Column {
  const column = log.columns.get(field) ?? log.columns.get(field.toLowerCase());
  if (column === undefined)
    throw new Refusal(place, `${log.name}.log has no column for the field "${field}"`);
  if (column.part !== undefined)
    throw new Refusal(place, `${field} is a part of a column, which has no form here`);
  return column;
}

/** What a correlation groups by; its first part must be an address, which OSSEC gets as srcip. */
function keyOf(rule: Correlation, log: ZeekLog, base: EventRule): string {
  const parts = rule.groupBy.map((field) => countedOf(fieldOf(rule, field, base), rule, log));
  const address = parts.find((part) => sources.has(part));
  if (address === undefined)
    throw new Refusal(
      rule.place,
      "it groups by no address, and a notice has to be about one",
      "add the source's address to group-by",
    );
  const others = parts.filter((part) => part !== address);
  return others.length === 0 ? address : `[${[address, ...others].join(", ")}]`;
}

/** The field that an alias is in the events of a rule. */
function fieldOf({ aliases, place }: Correlation, field: string, base: EventRule): string {
  const alias = aliases.get(field);
  if (alias === undefined) return field;
  const found = alias.get(base.name ?? "") ?? alias.get(base.id ?? "");
  if (found === undefined || found === "")
    throw new Refusal(place, `the alias "${field}" names no field of the rule "${base.name ?? base.title}"`);
  return found;
}

function countedOf(field: string, rule: Correlation, log: ZeekLog): string {
  const { read, type, optional } = columnOf(field, log, rule);
  if (type === "texts") throw new Refusal(rule.place, `${field} is a list in Zeek and cannot be counted`);
  if (!optional) return read;
  return type === "number" ? `${read} ?? 0` : `${read} ?? ""`;
}
