import type { RuleDefinition } from "../../ossec/definitions.js";
import type { PrintedField } from "../../ossec/engine/event.js";

/** What Wazuh's outputs show of an event: a part of AnalysedEvent. Texts are latin1 strings. */
export interface AlertedEvent {
  /** Epoch seconds. */
  readonly time: number;
  readonly fullLog: string;
  readonly hostname: string;
  readonly programName: string | null;
  /** The date that pre-decoding cut off; null: none. */
  readonly date: string | null;
  /** `000` for the server itself. */
  readonly agentId: string;
  /** Where the line came from, without the agent's number. */
  readonly location: string;
  readonly decoder: string | null;
  /** The top-level decoder where it is shown beside a child; null: not shown. */
  readonly decoderParent: string | null;
  readonly ftsComment: string | null;
  readonly accumulated: boolean;
  /** Static fields in the order of JSON, then the dynamic ones. */
  readonly fields: readonly PrintedField[];
  /** The last ones of `fields`, with repeats. */
  readonly dynamicFields: readonly PrintedField[];
  readonly srcip: string | null;
  readonly srcport: string | null;
  readonly dstip: string | null;
  readonly dstport: string | null;
  readonly dstuser: string | null;
  readonly rule: RuleDefinition | null;
  /** The rule's, with values for the fields that it names. */
  readonly description: string | null;
  /** How often the rule was reported so far. */
  readonly firedTimes: number;
  /** Lines of earlier events, newest first. */
  readonly lastEvents: readonly string[];
  readonly previousLog: string | null;
}
