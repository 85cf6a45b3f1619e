/** What a worker does for the page. Keeps what was loaded until the texts that it came from change. */
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { answerOf } from "./answer.js";
import { findingsOf } from "./findings.js";
import type { PlaygroundInput } from "./input.js";
import { loadInput } from "./load.js";
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
  readonly #stopwatch: Stopwatch;

  constructor(stopwatch: Stopwatch) {
    this.#stopwatch = stopwatch;
  }

  load(input: PlaygroundInput): LoadedOssec {
    const last = this.#last;
    if (last !== null && last.ruleset === this.#ruleset && sameRules(last.input, input)) return last.loaded;
    const loaded = loadInput(input, this.#ruleset);
    this.#last = { input, ruleset: this.#ruleset, loaded };
    return loaded;
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
        const { input, asked, id, now } = request;
        const answer = answerOf(this.load(input), input.lines, asked, now);
        return { kind: "answer", id, answer, milliseconds: this.#stopwatch() - start };
      }
      case "lint":
        return { kind: "lint", id: request.id, findings: findingsOf(request.input, this.#ruleset) };
      case "words":
        return { kind: "words", id: request.id, words: wordsOf(request.engine) };
      case "pattern":
        return { kind: "pattern", id: request.id, answer: patternAnswer(request.question) };
    }
  }
}
