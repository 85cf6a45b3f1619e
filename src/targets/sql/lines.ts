import type {
  DecoderNode,
  EventType,
  PatternDefinition,
  RuleDefinition,
  RuleNode,
  Ruleset,
} from "../../ossec/definitions.js";
import { all, any, TRUE } from "./condition.js";
import type { SqlDialect } from "./dialect.js";

/** What a table of log lines holds of each, as SQL that is never NULL: an empty text where there is none. */
export interface LineColumns {
  readonly host: string;
  /** With or without its number, `sshd[77]`. */
  readonly program: string;
  readonly message: string;
  /** Which lines the engine may see otherwise than the columns have them; undefined: the columns tell (`oddLines`). */
  readonly odd?: string;
}

export interface LineCondition {
  /** Holds for every line that can matter: never narrower than the rules. */
  readonly condition: string;
  /** Why every line can matter; null: not every one can. */
  readonly whole: string | null;
}

/** Names in a header are made of these bytes (docs/reference/ossec.md#pre-decoding). */
const word = "[A-Za-z0-9()@/_.\\-]";
/** Longer lines are read in several pieces (docs/reference/ossec.md#life-of-an-event). */
const longest = 5000;
/** Engines look for so many literals in a line quicker than OSSEC's engine looks at it. */
const mostLiterals = 400;
/** Shorter literals are in most lines. */
const shortest = 2;
/** More literals than this become one pattern. */
const fewLiterals = 4;

/**
 * The lines that OSSEC's engine has to see: those that a rule of a level above 0 can report, that a condition or decoder
 * with a memory can look at (`if_fts`, `check_diff`, `<accumulate>`, plugin decoders), and those whose header may be read
 * otherwise than the table has it. A rule can report a line only where it, and every rule above it, finds what its
 * patterns need: one of a few literals (`Matcher.requiredLiterals`), the program, a decoder that takes such a line.
 * Everything else that a rule asks for is let through.
 *
 * Other lines have no effect in the engine but one, that a line which equals one of the last three is dropped: whoever
 * fetches the lines has to fetch what lies between two equal ones, too.
 */
export function lineCondition(rules: Ruleset, columns: LineColumns, dialect: SqlDialect): LineCondition {
  const odd = columns.odd ?? oddLines(columns, dialect).odd;
  const whole = dependsOnAll(rules);
  if (whole !== null) return { condition: TRUE, whole };
  const needs = new Needs(rules, columns, dialect);
  const condition = any([odd, needs.decoders(), ...rules.roots.map((root) => needs.root(root))]);
  if (needs.literals > mostLiterals)
    return { condition: TRUE, whole: `its rules look for ${needs.literals} literals` };
  if (condition !== TRUE) return { condition, whole: null };
  const rule = needs.unbounded();
  return {
    condition,
    whole: rule === null ? "a decoder takes any line" : `rule ${rule.id} needs no literal`,
  };
}

/** What of the rules no part of the lines would be enough for. */
function dependsOnAll({ decoders, dialect, roots }: Ruleset): string | null {
  if (roots.length === 0 || decoders.all.length === 0) return "the engine dies of every line";
  // What one line's decoder has captured is taken by the next line's (docs/reference/wazuh.md#crashes).
  const takesCaptures = decoders.all.find(({ regex }) => {
    if (!dialect.engine.keepsCaptures || regex?.language !== "pcre2") return false;
    const compiled = dialect.compilePattern(regex);
    return !compiled.ok || compiled.value.groups === 0;
  });
  return takesCaptures === undefined ? null : `decoder ${takesCaptures.name} takes what others have captured`;
}

/**
 * Lines of a table whose message the engine may see otherwise than the column has it, and of those the ones that it reads in
 * several pieces.
 */
export function oddLines(
  { host, program, message }: LineColumns,
  { matches, bytes }: SqlDialect,
): { readonly odd: string; readonly long: string } {
  const long = `${bytes(message)} > ${longest}`;
  const odd = any([
    long,
    `NOT ${matches(host, `^${word}*$`)}`,
    `NOT ${matches(program, `^(?:${word}+(?:\\[[0-9]+\\])?)?$`)}`,
    `(${host} = '' AND ${program} <> '')`,
    matches(message, "[\\x00-\\x1f\\x7f]"),
  ]);
  return { odd, long };
}

/** What rules and decoders need of a line. */
class Needs {
  readonly #rules: Ruleset;
  readonly #columns: LineColumns;
  readonly #dialect: SqlDialect;
  readonly #known = new Map<RuleNode, string>();
  readonly #texts = new Map<string, string>();
  literals = 0;

  constructor(rules: Ruleset, columns: LineColumns, dialect: SqlDialect) {
    this.#rules = rules;
    this.#columns = columns;
    this.#dialect = dialect;
  }

  /** Of the lines that change what a decoder remembers. */
  decoders(): string {
    return this.#takenBy((node) =>
      [node.decoder, ...node.children].some(
        ({ accumulate, plugin }) => accumulate || (plugin !== null && plugin !== "JSON_Decoder"),
      ),
    );
  }

  root(node: RuleNode): string {
    return all([this.#ofType(node.rule.category), this.#rule(node)]);
  }

  #rule(node: RuleNode): string {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const { rule, children } = node;
    const own = this.#conditions(rule);
    const below = matters(rule) ? TRUE : any(children.map((child) => this.#rule(child)));
    const made = all([own, below]);
    this.#known.set(node, made);
    return made;
  }

  /** A rule that can report any line; null: none can. */
  unbounded(nodes: readonly RuleNode[] = this.#rules.roots): RuleDefinition | null {
    for (const node of nodes) {
      if (this.#rule(node) !== TRUE || this.#ofType(node.rule.category) !== TRUE) continue;
      const found = matters(node.rule) ? node.rule : this.unbounded(node.children);
      if (found !== null) return found;
    }
    return null;
  }

  #conditions({ decodedAs, programName, match, regex, maxsize }: RuleDefinition): string {
    return all([
      decodedAs === null
        ? TRUE
        : this.#takenBy(({ decoder, children }) =>
            [decoder, ...children].some(({ reportedName }) => reportedName === decodedAs),
          ),
      this.#pattern(programName, this.#program),
      this.#pattern(match, this.#columns.message),
      this.#pattern(regex, this.#columns.message),
      maxsize > 0 ? `${this.#dialect.bytes(this.#columns.message)} >= ${maxsize}` : TRUE,
    ]);
  }

  /** Where there is no program the engine may find one at the beginning of the message. */
  get #program(): string {
    const { program, message } = this.#columns;
    return `(CASE WHEN ${program} = '' THEN ${message} ELSE ${program} END)`;
  }

  /** Decoders of other types than syslog are looked for; plugin decoders may give any type. */
  #ofType(type: EventType): string {
    if (type === "syslog") return TRUE;
    return this.#takenBy(({ decoder, children }) =>
      [decoder, ...children].some((one) => one.type === type || one.plugin !== null),
    );
  }

  /** Of the lines that one of these decoders can take. */
  #takenBy(isWanted: (node: DecoderNode) => boolean): string {
    const { withProgramName, withoutProgramName } = this.#rules.decoders;
    const { program, message } = this.#columns;
    return any([
      ...withProgramName
        .filter(isWanted)
        .map(({ decoder }) =>
          all([this.#pattern(decoder.programName, this.#program), this.#pattern(decoder.prematch, message)]),
        ),
      ...withoutProgramName
        .filter(isWanted)
        .map(({ decoder }) => all([`${program} = ''`, this.#pattern(decoder.prematch, message)])),
    ]);
  }

  #pattern(pattern: PatternDefinition | null, text: string): string {
    if (pattern === null || pattern.negated === true) return TRUE;
    const compiled = this.#rules.dialect.compilePattern(pattern);
    if (!compiled.ok) return TRUE;
    const { requiredLiterals, general } = compiled.value;
    const literals = (requiredLiterals ?? [""]).map(plainPart);
    if (literals.some(({ length }) => length < shortest)) return TRUE;
    const terms = [this.#holdsOne(text, [...new Set(literals)])];
    // Without letter case a Kelvin sign is a k, and a long s an s.
    if (general && literals.some((literal) => /[ks]/.test(literal)))
      terms.push(`NOT ${this.#dialect.matches(text, "^[\\x00-\\x7f]*$")}`);
    return any(terms);
  }

  #holdsOne(text: string, literals: readonly string[]): string {
    const key = JSON.stringify([text, literals]);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    this.literals += literals.length;
    const low = `lower(${text})`;
    const made =
      literals.length > fewLiterals
        ? this.#dialect.matches(low, literals.map(escaped).join("|"))
        : any(literals.map((literal) => this.#dialect.contains(low, this.#dialect.text(literal))));
    this.#texts.set(key, made);
    return made;
  }
}

/** Whether an event of the rule is remembered, reported, or looked at by a condition that remembers. */
function matters({ level, ifFts, checkDiff, search, fields }: RuleDefinition): boolean {
  // A dynamic field kills the engine where the decoder has no order.
  return level > 0 || ifFts || checkDiff || search !== null || fields.length > 0;
}

/** The longest part of printable ASCII; of other bytes engines may think otherwise. */
function plainPart(literal: string): string {
  return (literal.match(/[ -~]+/g) ?? []).reduce(
    (best, part) => (part.length > best.length ? part : best),
    "",
  );
}

const escaped = (literal: string): string =>
  literal.replace(/[^A-Za-z0-9]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
