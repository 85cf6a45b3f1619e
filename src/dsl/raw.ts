/** A line, and the rule of the raw XML that must decide about it. */
export interface RawSample {
  /** The line, as it stands in the log. */
  readonly line: string;
  /** Id of the rule. */
  readonly rule: number;
}

/**
 * Decoders and rules in the engine's own XML, for what the language cannot say: carried into the bundle's files as
 * they are, checked, linted, replayed, deployed and owned like the rest. The helper `raw` makes it.
 */
export interface RawXml {
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: string;
  /** `<decoder>` elements; they come behind the bundle's own. */
  readonly decoders?: string;
  /**
   * `<group>` elements with rules. They stand behind the rules for the bundle's own lines and notices, and before its
   * bursts and its rules about rules, which can name their ids.
   */
  readonly rules?: string;
  /** Name of the detection before whose rule they stand instead. */
  readonly before?: string;
  /** Name of the detection behind whose rule they stand instead. Not beside `before`. */
  readonly after?: string;
  /**
   * Lines that must reach a rule of it: run at each build where it names nothing of the host's, else where the
   * host's rules are at hand.
   */
  readonly samples?: readonly RawSample[];
}

/** ``raw({ name: "Legacy", rules: String.raw`<group name="local,"> … </group>` })`` */
export function raw(xml: RawXml): RawXml {
  return xml;
}
