import type { PatternNode } from "./ast.js";
import { parseOsMatch } from "./os-match-parse.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { parsePcre2 } from "./pcre2/parse.js";
import type { PatternSource } from "./types.js";

/** A pattern for questions about the texts that it matches; who runs it compiles it instead. */
export interface ReadPattern {
  readonly root: PatternNode;
  /** Met by the texts that it does not match. */
  readonly negated: boolean;
}

/** Reads a pattern of OSSEC's as bytes. Null: it is refused. */
export function readOssecPattern({ language, text }: PatternSource): ReadPattern | null {
  if (language === "osmatch") return { root: parseOsMatch(text).root, negated: false };
  const tree = language === "osregex" ? parseOsRegex(text) : parsePcre2(text);
  return tree.ok ? { root: tree.value.root, negated: false } : null;
}
