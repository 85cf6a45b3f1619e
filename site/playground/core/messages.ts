/** What the page and its workers say to one another; plain data. */
import type { DialectName } from "../../../src/ossec/dialect.js";
import type { Answer } from "./answer.js";
import type { Edit, ShownFinding } from "./findings.js";
import type { PlaygroundInput } from "./input.js";
import type { PatternAnswer, PatternQuestion } from "./pattern.js";
import type { ReplayProgress } from "./replay-shown.js";
import type { Words } from "./words.js";

export type Request =
  /** The reader's rule set; empty: none. */
  | { readonly kind: "ruleset"; readonly files: readonly (readonly [path: string, bytes: Uint8Array])[] }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly input: PlaygroundInput;
      readonly asked: number;
      readonly now: number;
    }
  | {
      readonly kind: "lint";
      readonly id: number;
      readonly input: PlaygroundInput;
      /** Without a rule set: nothing is missing but what is not there. */
      readonly closed: boolean;
    }
  /** A fix is done and checked. */
  | {
      readonly kind: "fix";
      readonly id: number;
      readonly input: PlaygroundInput;
      readonly edits: readonly Edit[];
    }
  | { readonly kind: "pattern"; readonly id: number; readonly question: PatternQuestion }
  /** A log from the reader's disk through the editors' rules. */
  | {
      readonly kind: "log";
      readonly id: number;
      readonly input: PlaygroundInput;
      readonly file: File;
      readonly now: number;
    }
  | { readonly kind: "words"; readonly id: number; readonly engine: DialectName }
  | { readonly kind: "stop"; readonly id: number };

export type Reply =
  | {
      readonly kind: "ruleset";
      readonly family: "ossec" | "wazuh" | null;
      readonly files: number;
      readonly hasConf: boolean;
    }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer; readonly milliseconds: number }
  | {
      readonly kind: "lint";
      readonly id: number;
      /** Whose findings these are. */
      readonly of: PlaygroundInput;
      readonly findings: readonly ShownFinding[];
    }
  /** null: it is not to be done. */
  | {
      readonly kind: "fix";
      readonly id: number;
      readonly of: PlaygroundInput;
      readonly fixed: PlaygroundInput | null;
    }
  | { readonly kind: "pattern"; readonly id: number; readonly answer: PatternAnswer }
  | { readonly kind: "words"; readonly id: number; readonly words: Words }
  | { readonly kind: "log"; readonly id: number; readonly progress: LogProgress }
  /** A fault of the program: it is shown, with what to report. */
  | { readonly kind: "fault"; readonly id: number; readonly message: string };

/** To the worker that replays. */
export type ReplayRequest =
  /** A compiled bundle, as text. */
  | { readonly kind: "bundle"; readonly id: number; readonly text: string }
  | {
      readonly kind: "replay";
      readonly id: number;
      readonly host: number;
      readonly zeek: readonly File[];
      readonly syslog: readonly File[];
    }
  | { readonly kind: "stop"; readonly id: number };

export type ReplayReply =
  | { readonly kind: "bundle"; readonly id: number; readonly bundle: ShownBundle }
  | { readonly kind: "refused"; readonly id: number; readonly reason: string }
  | { readonly kind: "replay"; readonly id: number; readonly progress: ReplayProgress }
  | { readonly kind: "fault"; readonly id: number; readonly message: string };

/** What of a bundle is shown before it is played. */
export interface ShownBundle {
  readonly hosts: readonly {
    readonly name: string;
    readonly detections: readonly { readonly name: string; readonly kind: string }[];
    readonly files: readonly { readonly path: string; readonly target: string; readonly content: string }[];
  }[];
}

/** How far a log was read, and what was found. */
export interface LogProgress {
  readonly done: boolean;
  readonly read: number;
  readonly size: number;
  readonly lines: number;
  readonly alerts: number;
  /** By rule, the most frequent first. */
  readonly rules: readonly LogRule[];
  readonly decoders: readonly (readonly [name: string, count: number])[];
  /** The first alerts. */
  readonly first: readonly LogAlert[];
  /** Why it ended early; null: it did not. */
  readonly problem: string | null;
}

export interface LogRule {
  readonly id: number;
  readonly level: number;
  readonly description: string;
  readonly count: number;
}

export interface LogAlert {
  readonly line: number;
  readonly rule: number;
  readonly level: number;
  readonly text: string;
}
