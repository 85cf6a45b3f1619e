import type { PatternTree } from "./ast.js";
import { createBacktracker } from "./backtracker.js";
import { analyseBacktracking } from "./backtracking.js";
import type { ByteSet } from "./byte-set.js";
import { emitPattern, needsBacktracker } from "./emit.js";
import { firstByteSet, isAnchored, literalsDecide, prefixLiterals, requiredLiterals } from "./literals.js";
import type { Backtracking, Matcher, PatternLanguage, PatternMatch } from "./types.js";

/** Runs one pattern over a subject. */
interface Runner {
  test(text: string): boolean;
  exec(text: string): PatternMatch | null;
}

/** Computes a value at its first use. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function javascriptRunner(tree: PatternTree): Runner {
  const regex = lazy(() => {
    const { source, groupNumbers } = emitPattern(tree);
    return { expression: new RegExp(source), groupNumbers };
  });
  return {
    test: (text) => regex().expression.test(text),
    exec: (text) => {
      const { expression, groupNumbers } = regex();
      const match = expression.exec(text);
      if (match === null) return null;
      const captures: string[] = [];
      for (const number of groupNumbers) {
        const capture = match[number];
        if (capture !== undefined) captures.push(capture);
      }
      return { end: match.index + match[0].length, captures };
    },
  };
}

/**
 * Steps that a JavaScript regular expression may take at most on one text; a pattern that may need more
 * runs on zopf's own matcher, which counts and gives up as PCRE2 does at its match limit.
 */
const STEP_LIMIT = 100_000_000;

/** Length of a text from which on a pattern of this growth may pass the limit. */
function longestSafeText(backtracking: Backtracking, anchored: boolean): number {
  if (backtracking.kind === "exponential") return 24;
  const degree = backtracking.kind === "polynomial" ? backtracking.degree : 1;
  return Math.floor(STEP_LIMIT ** (1 / (degree + (anchored ? 0 : 1))));
}

/** Makes the matcher of a parsed pattern; the regular expression is made at its first use. */
export function createMatcher<L extends PatternLanguage>(
  language: L,
  text: string,
  tree: PatternTree,
): Matcher & { readonly language: L } {
  const { root } = tree;
  const anchors = anchorsOf(text);
  const onlyBacktracker = (tree.sharedNumbers ?? false) || needsBacktracker(root);
  const script = javascriptRunner(tree);
  const counting = lazy(() => createBacktracker(tree));
  const backtracking = lazy(() => analyseBacktracking(root));
  const safeLength = lazy(() => longestSafeText(backtracking(), isAnchored(root)));
  const required = lazy(() => requiredLiterals(root));
  const prefixes = lazy(() => prefixLiterals(root));
  const first = lazy(() => firstByteSet(root));
  const decide = lazy(() => literalsDecide(root));

  // Short texts cannot pass the limit unless the growth is exponential, which the analysis tells once.
  const runnerFor = (subject: string): Runner =>
    onlyBacktracker || subject.length > safeLength() ? counting() : script;

  return {
    language,
    text,
    groups: tree.groups,
    fastPath: anchors !== null,
    withoutCaptures: anchors !== null,
    test: (subject) => runnerFor(subject).test(subject),
    exec: (subject, from = 0) => {
      const rest = from === 0 ? subject : subject.slice(from);
      const match = runnerFor(rest).exec(rest);
      return match === null || from === 0 ? match : { end: match.end + from, captures: match.captures };
    },
    get requiredLiterals(): readonly string[] | null {
      return required();
    },
    get literalsDecide(): boolean {
      return decide();
    },
    get prefixLiteral(): string {
      const [only, second] = prefixes() ?? [];
      return only !== undefined && second === undefined ? only : "";
    },
    get prefixLiterals(): readonly string[] | null {
      return prefixes();
    },
    get firstBytes(): ByteSet | null {
      return first();
    },
    get backtracking(): Backtracking {
      return backtracking();
    },
  };
}

const anchored = /^\^?[^\\^$.[\]|()?*+{}]*\$?$/;

/**
 * The anchors of a pattern that the engine compares as a string: letters, digits and simple punctuation
 * with `^` first and/or `$` last (spec/ossec.md 3.1). Null for every other pattern.
 */
export function anchorsOf(text: string): { readonly start: boolean; readonly end: boolean } | null {
  const start = text.startsWith("^");
  const end = text.endsWith("$");
  return (start || end) && anchored.test(text) ? { start, end } : null;
}
