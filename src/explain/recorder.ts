/** Watches the engine while it works on one line. Nothing is decided here. */
import type { DecoderDefinition, RuleDefinition } from "../ossec/definitions.js";
import type { RuntimeEventType } from "../ossec/engine/event.js";
import type { EngineTrace, FailedCondition } from "../ossec/engine/trace.js";

export interface DecoderAttempt {
  readonly decoder: DecoderDefinition;
  /** null: it took the event (or its regex matched). */
  readonly failed: FailedCondition | null;
}

export interface RuleAttempt {
  readonly rule: RuleDefinition;
  /** 0: a root. */
  readonly depth: number;
  /** null: it matched. */
  readonly failed: FailedCondition | null;
  /** Place of the failed condition in the order of tests; the later, the nearer the rule was. */
  readonly reached: number;
}

/** An event's type and who gave it; null: no decoder, which makes it syslog. */
export interface GivenType {
  readonly type: RuntimeEventType;
  readonly by: DecoderDefinition | null;
}

/** Records what was tried, in order. */
export class Recorder implements EngineTrace {
  readonly decoders: DecoderAttempt[] = [];
  readonly rules: RuleAttempt[] = [];
  /** Rules that would have matched, had a sibling not been tried before them; of those asked for. */
  readonly lost = new Set<number>();
  readonly siblings?: NonNullable<EngineTrace["siblings"]>;
  type: GivenType | null = null;
  #depth = 0;

  /** @param wanted rules of which `lost` is to tell */
  constructor(wanted?: ReadonlySet<number>) {
    if (wanted === undefined) return;
    this.siblings = {
      wanted: ({ id }) => wanted.has(id),
      lost: ({ id }) => this.lost.add(id),
    };
  }

  decoded(by: DecoderDefinition | null, type: RuntimeEventType): void {
    this.type = { type, by };
  }

  decoderFailed(decoder: DecoderDefinition, failed: FailedCondition): void {
    this.decoders.push({ decoder, failed });
  }

  decoderMatched(decoder: DecoderDefinition): void {
    this.decoders.push({ decoder, failed: null });
  }

  ruleFailed(rule: RuleDefinition, failed: FailedCondition, reached: number): void {
    this.rules.push({ rule, depth: this.#depth, failed, reached });
  }

  ruleMatched(rule: RuleDefinition): void {
    this.rules.push({ rule, depth: this.#depth, failed: null, reached: Number.POSITIVE_INFINITY });
    this.#depth += 1;
  }

  ruleSilent(): void {
    this.#depth -= 1;
  }
}
