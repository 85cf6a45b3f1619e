/** Wazuh's PCRE2 (docs/reference/wazuh.md#pcre2-of-wazuh): OSSEC's machinery, called otherwise. */

import type { PatternTree } from "../../ossec/patterns/ast.js";
import { CharacterMatcher } from "../../ossec/patterns/character-matcher.js";
import {
  createMatcher,
  type KnownPattern,
  knownMatcher,
  surveyedMatcher,
} from "../../ossec/patterns/matcher.js";
import { parsePcre2, readPcre2 } from "../../ossec/patterns/pcre2/parse.js";
import type { Pcre2Call } from "../../ossec/patterns/pcre2/state.js";
import { surveyPcre2 } from "../../ossec/patterns/pcre2/survey.js";
import {
  type Backtracking,
  beforeText,
  type CompileResult,
  type Matcher,
  type PatternMatch,
  type Pcre2Pattern,
} from "../../ossec/patterns/types.js";

/** PCRE2's interpreter without options: its match limit holds, no stack of its JIT. */
export const wazuhCall: Pcre2Call = {
  caseless: false,
  emptyPattern: true,
  withoutJit: true,
  keepsUnset: true,
};

/** As OSSEC's, but for where a match ends. */
export class Pcre2Matcher implements Pcre2Pattern {
  readonly language = "pcre2";
  readonly text: string;
  readonly groups: number;
  readonly general = false;
  readonly withoutCaptures = false;
  /** The index of literals does not mind letter case, the pattern does. */
  readonly literalsDecide = false;
  /** What runs. */
  readonly inner: Matcher;

  constructor(text: string, inner: Matcher) {
    this.text = text;
    this.groups = inner.groups;
    this.inner = inner;
  }

  get unchecked(): Matcher {
    return this;
  }

  get requiredLiterals(): readonly string[] | null {
    return this.inner.requiredLiterals;
  }

  get firstBytes(): Uint32Array | null {
    return this.inner.firstBytes;
  }

  get backtracking(): Backtracking {
    return this.inner.backtracking;
  }

  test(text: string): boolean {
    return this.inner.test(text);
  }

  exec(text: string, from = 0): PatternMatch | null {
    const match = this.inner.exec(text, from);
    return match === null || match.end > 0 ? match : { end: beforeText, captures: match.captures };
  }

  endOf(text: string, from = 0): number {
    const end = this.inner.endOf(text, from);
    return end === 0 ? beforeText : end;
  }
}

function parse(text: string): PatternTree {
  const tree = parsePcre2(text, wazuhCall);
  if (tree.ok) return tree.value;
  throw new Error(`bug: a pattern was taken for a valid one: ${tree.reason}`);
}

export function compileWazuhPcre2(text: string): CompileResult<Pcre2Pattern> {
  const survey = surveyPcre2(text);
  if (survey !== null)
    return {
      ok: true,
      value: new Pcre2Matcher(text, surveyedMatcher("pcre2", text, survey, parse, wazuhCall)),
    };
  const read = readPcre2(text, wazuhCall);
  if (!read.ok) return read;
  const { tree, classes } = read.value;
  const inner =
    classes === null ? createMatcher("pcre2", text, tree) : new CharacterMatcher(text, tree, classes);
  return { ok: true, value: new Pcre2Matcher(text, inner) };
}

/** The matcher of a pattern about which this is known from an earlier run. */
export function knownWazuhPcre2(known: KnownPattern): Matcher {
  return new Pcre2Matcher(known.text, knownMatcher(known, parse, wazuhCall));
}
