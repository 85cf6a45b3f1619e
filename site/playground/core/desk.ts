/** What a worker does for the page. Keeps what was loaded until the texts that it came from change. */
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import type { Engine } from "../../../src/ossec/engine/index.js";
import { type Answer, answerOf, engineOf } from "./answer.js";
import { findingsOf } from "./findings.js";
import { fixed } from "./fix.js";
import type { PlaygroundInput } from "./input.js";
import { LoadAhead, loadInput } from "./load.js";
import type { Reply, Request } from "./messages.js";
import { patternAnswer } from "./pattern.js";
import { type Ruleset, rulesetOf } from "./ruleset.js";
import { wordsOf } from "./words.js";

interface Loaded {
  readonly input: PlaygroundInput;
  readonly ruleset: Ruleset | null;
  readonly loaded: LoadedOssec;
}

const sameRules = (one: PlaygroundInput, other: PlaygroundInput): boolean =>
  one.engine === other.engine &&
  one.decoders === other.decoders &&
  one.rules === other.rules &&
  one.conf === other.conf;

/** Milliseconds since some moment. */
export type Stopwatch = () => number;

/** Everything but a log, whose reading takes its time (log-run.ts). */
export type QuickRequest = Exclude<Request, { readonly kind: "log" | "stop" }>;

export class Desk {
  #ruleset: Ruleset | null = null;
  #last: Loaded | null = null;
  /** Made ahead for the last load, where that runs. */
  #engine: Engine | null = null;
  /** Has this load answered lines? */
  #runs = false;
  #ahead: LoadAhead | null = null;
  readonly #stopwatch: Stopwatch;

  constructor(stopwatch: Stopwatch) {
    this.#stopwatch = stopwatch;
  }

  load(input: PlaygroundInput): LoadedOssec {
    const last = this.#last;
    if (last !== null && last.ruleset === this.#ruleset && sameRules(last.input, input)) return last.loaded;
    const loaded = this.#ahead?.take(input, this.#ruleset) ?? loadInput(input, this.#ruleset);
    this.#ahead = null;
    this.#engine = null;
    this.#runs = false;
    this.#last = { input, ruleset: this.#ruleset, loaded };
    return loaded;
  }

  /** Does a part of what the next answer needs, while nobody waits; false: there is nothing left to do. */
  prepare(): boolean {
    if (this.#last === null) return false;
    const { input, loaded } = this.#last;
    if (this.#runs && this.#engine === null) {
      this.#engine = engineOf(loaded);
      return true;
    }
    if (this.#ahead === null) this.#ahead = LoadAhead.of(input, this.#ruleset);
    return false;
  }

  #answer({ input, asked, now }: Extract<Request, { readonly kind: "answer" }>): Answer {
    const loaded = this.load(input);
    const answer = answerOf(loaded, () => this.#engine ?? engineOf(loaded), input.lines, asked, now);
    this.#engine = null;
    this.#runs = answer.problems.length === 0;
    return answer;
  }

  handle(request: QuickRequest): Reply {
    switch (request.kind) {
      case "ruleset": {
        this.#ruleset = request.files.length === 0 ? null : rulesetOf(new Map(request.files));
        const { family = null, files, sections = "" } = this.#ruleset ?? {};
        return { kind: "ruleset", family, files: files?.size ?? 0, hasConf: sections !== "" };
      }
      case "answer": {
        const start = this.#stopwatch();
        const answer = this.#answer(request);
        return { kind: "answer", id: request.id, answer, milliseconds: this.#stopwatch() - start };
      }
      case "lint":
        return {
          kind: "lint",
          id: request.id,
          of: request.input,
          findings: findingsOf(request.input, this.#ruleset, request.closed),
        };
      case "fix": {
        const { id, input, edits } = request;
        return { kind: "fix", id, of: input, fixed: fixed(input, this.#ruleset, edits) };
      }
      case "words":
        return { kind: "words", id: request.id, words: wordsOf(request.engine) };
      case "pattern":
        return { kind: "pattern", id: request.id, answer: patternAnswer(request.question) };
    }
  }
}
