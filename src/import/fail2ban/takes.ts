/** Whether a line comes to a form, and fits it. */
import { type LogPattern, pcre2 } from "../../dsl/pattern.js";
import { compilePattern, type Matcher } from "../../ossec/patterns/index.js";
import { predecode } from "../../ossec/predecode/index.js";
import type { LineEngine } from "./line-engine.js";

const matchers = new Map<string, Matcher | null>();

function matcherOf(pattern: LogPattern): Matcher | null {
  const key = `${pattern.language} ${pattern.text}`;
  const known = matchers.get(key);
  if (known !== undefined) return known;
  if (matchers.size > 20_000) matchers.clear();
  const compiled = compilePattern({
    language: pattern.language,
    text: Buffer.from(pattern.text, "utf8").toString("latin1"),
  });
  const matcher = compiled.ok ? compiled.value : null;
  matchers.set(key, matcher);
  return matcher;
}

/** What a form asks for. */
export interface LineTaker {
  readonly program: LogPattern | null;
  /** PCRE2. */
  readonly regex: string;
}

/** Would the engine hand the line to the form, and the form take it? */
export function takes(form: LineTaker, line: string, { dialect }: LineEngine): boolean {
  const text = Buffer.from(line, "utf8").toString("latin1");
  if (text.length < 3 || /[\x00-\x1f\x7f]/.test(text)) return false;
  const cut = predecode(text, { dialect, ownHostname: "host" });
  if (cut.ignored === true) return false;
  if ((cut.programName === null) !== (form.program === null)) return false;
  if (
    form.program !== null &&
    cut.programName !== null &&
    matcherOf(form.program)?.test(cut.programName) !== true
  )
    return false;
  return matcherOf(pcre2(form.regex))?.test(cut.log) === true;
}
