/** Which top-level decoders would take a line, and which one does (docs/reference/ossec.md#decoder-selection: the first; no way back). */
import type { DecoderNode, DecoderSet } from "./definitions.js";
import { compilePattern } from "./patterns/index.js";
import type { PatternSource } from "./patterns/types.js";

/** What pre-decoding leaves of a line. */
export interface DecodedHeader {
  readonly programName: string | null;
  readonly log: string;
}

type DecoderLists = Pick<DecoderSet, "withProgramName" | "withoutProgramName">;

type Test = (text: string) => boolean;

function testOf(pattern: PatternSource | null): Test | null {
  if (pattern === null) return null;
  const compiled = compilePattern(pattern);
  return compiled.ok ? (text) => compiled.value.test(text) : () => false;
}

interface Candidate {
  readonly node: DecoderNode;
  readonly programName: Test | null;
  readonly prematch: Test | null;
}

function candidate(node: DecoderNode): Candidate {
  const { programName, prematch } = node.decoder;
  return { node, programName: testOf(programName), prematch: testOf(prematch) };
}

function fits({ programName, prematch }: Candidate, header: DecodedHeader): boolean {
  return (
    (programName === null || (header.programName !== null && programName(header.programName))) &&
    (prematch === null || prematch(header.log))
  );
}

export class DecoderChoice {
  readonly #withProgramName: readonly Candidate[];
  readonly #withoutProgramName: readonly Candidate[];

  constructor({ withProgramName, withoutProgramName }: DecoderLists) {
    this.#withProgramName = withProgramName.map(candidate);
    this.#withoutProgramName = withoutProgramName.map(candidate);
  }

  /** Those of the list that the line is offered to. */
  #offered({ programName }: DecodedHeader): readonly Candidate[] {
    return programName === null ? this.#withoutProgramName : this.#withProgramName;
  }

  /** The decoder that takes the line; null: none. */
  taker(header: DecodedHeader): DecoderNode | null {
    return this.#offered(header).find((one) => fits(one, header))?.node ?? null;
  }

  /** All that would take the line if they came first, in their order: the first is the taker. */
  fitting(header: DecodedHeader): readonly DecoderNode[] {
    return this.#offered(header)
      .filter((one) => fits(one, header))
      .map(({ node }) => node);
  }
}
