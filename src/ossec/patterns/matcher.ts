import type { PatternTree } from "./ast.js";
import { Backtracker } from "./backtracker.js";
import type { ByteSet } from "./byte-set.js";
import { capturesOf } from "./captures.js";
import { type EmittedPattern, emitPattern, needsBacktracker } from "./emit.js";
import { analyseBacktracking, safeTextLength, surelySafeLength } from "./growth.js";
import { firstByteSet, literalsDecide, requiredLiterals } from "./literals.js";
import { asksForNoJit } from "./pcre2/start-options.js";
import type { Backtracking, Matcher, PatternLanguage, PatternMatch } from "./types.js";

/** A pattern as JavaScript's regular expression. */
interface Script {
  readonly expression: RegExp;
  /** The same with the flag that has a test leave the end of its match behind; null: not wanted yet. */
  ending: RegExp | null;
  readonly groupNumbers: readonly number[];
}

/** The matcher of a tree. Everything that costs is made at its first use. */
class TreeMatcher<L extends PatternLanguage> implements Matcher {
  readonly language: L;
  readonly text: string;
  readonly groups: number;
  readonly general = false;
  private readonly parse: (text: string) => PatternTree;
  private parsed: PatternTree | null;
  private script: Script | null = null;
  /** What {@link script} is made of; null: not worked out yet. */
  private known: EmittedPattern | null = null;
  private backtracker: Backtracker | null = null;
  /** Length up to which JavaScript may run; not a number: not known yet. Only where it is proven it is the longest. */
  private safeLength = Number.NaN;
  private proven = false;
  private growth: Backtracking | null = null;
  private literals: readonly string[] | null | undefined = undefined;
  private decides: boolean | null = null;
  private first: ByteSet | null | undefined = undefined;
  private readonly kept: Pick<PatternTree, "keepsUnset">;

  constructor(
    language: L,
    text: string,
    groups: number,
    parse: (text: string) => PatternTree,
    kept: Pick<PatternTree, "keepsUnset"> = {},
  ) {
    this.kept = kept;
    this.language = language;
    this.text = text;
    this.parse = parse;
    this.parsed = null;
    this.groups = groups;
  }

  get withoutCaptures(): boolean {
    // Of OS_Regex and OS_Match only fast paths are run by their bytes.
    return this.language !== "pcre2" || isFastPcre2(this.text);
  }

  get unchecked(): Matcher {
    if (this.language !== "pcre2" || !asksForNoJit(this.text)) return this;
    const nothing: PatternTree = { root: { kind: "fail" }, groups: this.groups };
    return new TreeMatcher(this.language, this.text, this.groups, () => nothing);
  }

  private get tree(): PatternTree {
    this.parsed ??= this.parse(this.text);
    return this.parsed;
  }

  /** Takes over what a survey found out. */
  foresee({ literals, literalsDecide }: Survey): this {
    this.literals = literals;
    this.decides = literalsDecide;
    return this;
  }

  /** Takes over what an earlier run found out. */
  learn(known: KnownPattern): this {
    this.decides = known.literalsDecide;
    this.first = known.firstBytes;
    this.safeLength = known.safeLength;
    this.proven = known.proven;
    this.known = known.script;
    return this;
  }

  /** Everything that running it needs to know, but for what only unusually long lines ask for. */
  get knowledge(): KnownPattern {
    const { language, text, groups } = this;
    if (Number.isNaN(this.safeLength)) this.findSafeLength();
    return {
      language,
      text,
      groups,
      literalsDecide: this.literalsDecide,
      firstBytes: this.firstBytes,
      safeLength: this.safeLength,
      proven: this.proven,
      script: this.proven && this.safeLength < 0 ? null : this.emitted(),
    };
  }

  private emitted(): EmittedPattern {
    this.known ??= emitPattern(this.tree);
    return this.known;
  }

  get backtracking(): Backtracking {
    this.growth ??= analyseBacktracking(this.tree.root);
    return this.growth;
  }

  get requiredLiterals(): readonly string[] | null {
    if (this.literals === undefined) this.literals = requiredLiterals(this.tree.root);
    return this.literals;
  }

  get literalsDecide(): boolean {
    this.decides ??= literalsDecide(this.tree.root);
    return this.decides;
  }

  get firstBytes(): ByteSet | null {
    if (this.first === undefined) this.first = firstByteSet(this.tree.root);
    return this.first;
  }

  test(subject: string): boolean {
    const script = this.scriptFor(subject);
    if (script === null) return this.counting().exec(subject) !== null;
    try {
      return script.expression.test(subject);
    } catch {
      // V8 gives up on what is too large for it, and says so only when it runs.
      this.neverInJavaScript();
      return this.test(subject);
    }
  }

  exec(subject: string, from = 0): PatternMatch | null {
    const rest = from === 0 ? subject : subject.slice(from);
    const script = this.scriptFor(rest);
    if (script === null) {
      const match = this.counting().exec(rest);
      return match === null || from === 0 ? match : { end: match.end + from, captures: match.captures };
    }
    let match: RegExpExecArray | null;
    try {
      match = script.expression.exec(rest);
    } catch {
      this.neverInJavaScript();
      return this.exec(subject, from);
    }
    if (match === null) return null;
    const end = from + match.index + match[0].length;
    if (script.groupNumbers.length === 0) return { end, captures: [] };
    const groups = script.groupNumbers.map((number) => match[number]);
    return { end, captures: capturesOf(groups, this.kept) };
  }

  endOf(subject: string, from = 0): number {
    const rest = from === 0 ? subject : subject.slice(from);
    const script = this.scriptFor(rest);
    if (script === null) {
      const match = this.counting().exec(rest);
      return match === null ? -1 : match.end + from;
    }
    script.ending ??= new RegExp(script.expression.source, "g");
    const { ending } = script;
    try {
      ending.lastIndex = 0;
      return ending.test(rest) ? ending.lastIndex + from : -1;
    } catch {
      this.neverInJavaScript();
      return this.endOf(subject, from);
    }
  }

  /** The regular expression when it is safe for this subject, else null. */
  private scriptFor(subject: string): Script | null {
    if (Number.isNaN(this.safeLength)) this.findSafeLength();
    if (subject.length > this.safeLength && !this.proven) {
      this.safeLength = Math.max(this.safeLength, safeTextLength(this.tree.root, this.tree.withoutJit));
      this.proven = true;
    }
    if (subject.length > this.safeLength) return null;
    if (this.script === null) {
      const { source, groupNumbers } = this.emitted();
      this.script = { expression: new RegExp(source), ending: null, groupNumbers };
    }
    return this.script;
  }

  /** Finds a length up to which JavaScript may run; below 0: none. */
  private findSafeLength(): void {
    const { root, sharedNumbers = false, matchLimit, withoutJit } = this.tree;
    this.proven = sharedNumbers || matchLimit !== undefined || needsBacktracker(root);
    this.safeLength = this.proven ? -1 : surelySafeLength(root, withoutJit);
  }

  private neverInJavaScript(): void {
    this.safeLength = -1;
    this.proven = true;
  }

  private counting(): Backtracker {
    this.backtracker ??= new Backtracker(this.tree);
    return this.backtracker;
  }
}

/** Makes the matcher of a parsed pattern. */
export function createMatcher<L extends PatternLanguage>(
  language: L,
  text: string,
  tree: PatternTree,
): Matcher & { readonly language: L } {
  return new TreeMatcher(language, text, tree.groups, () => tree, tree);
}

/** What is known of a pattern that compiles before it is parsed. */
export interface Survey {
  /** Number of capturing groups. */
  readonly groups: number;
  /** See {@link Matcher.requiredLiterals}. */
  readonly literals: readonly string[] | null;
  /** See {@link Matcher.literalsDecide}; null: only the tree tells. */
  readonly literalsDecide: boolean | null;
}

/** Makes the matcher of a pattern that is parsed when the survey does not suffice. */
export function surveyedMatcher<L extends PatternLanguage>(
  language: L,
  text: string,
  survey: Survey,
  parse: (text: string) => PatternTree,
  kept: Pick<PatternTree, "keepsUnset"> = {},
): Matcher & { readonly language: L } {
  return new TreeMatcher(language, text, survey.groups, parse, kept).foresee(survey);
}

/** What an earlier run found out about a pattern that compiles. */
export interface KnownPattern {
  readonly language: PatternLanguage;
  readonly text: string;
  readonly groups: number;
  readonly literalsDecide: boolean;
  readonly firstBytes: Uint32Array | null;
  /** Length of the texts that a JavaScript regular expression may run on; below 0: none. */
  readonly safeLength: number;
  /** It is the longest; else longer texts have to be asked about. */
  readonly proven: boolean;
  /** null: it never runs as a regular expression. */
  readonly script: EmittedPattern | null;
}

/** The matcher of a pattern about which this is known; it is parsed when that does not suffice. */
export function knownMatcher(
  known: KnownPattern,
  parse: (text: string) => PatternTree,
  kept: Pick<PatternTree, "keepsUnset"> = {},
): Matcher {
  return new TreeMatcher(known.language, known.text, known.groups, parse, kept).learn(known);
}

/** Everything that is worth knowing in a later run. */
export function knowledgeOf(matcher: Matcher): KnownPattern | null {
  return matcher instanceof TreeMatcher ? matcher.knowledge : null;
}

/** Characters that mean something in a pattern. */
const special = new Uint8Array(256);
for (const character of "\\^$.[]|()?*+{}") special[character.charCodeAt(0)] = 1;

/** Letters, digits and simple punctuation with `^` first and/or `$` last, which the engine compares as a string. */
function isFastPcre2(text: string): boolean {
  const start = text.startsWith("^");
  const end = text.endsWith("$");
  if (!start && !end) return false;
  const behind = text.length - (end ? 1 : 0);
  for (let at = start ? 1 : 0; at < behind; at += 1) if (special[text.charCodeAt(at)] === 1) return false;
  return true;
}
