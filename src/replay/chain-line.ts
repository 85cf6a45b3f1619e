/** One line on its way to OSSEC. */
export interface ChainLine {
  /** Latin1, without its newline. */
  readonly text: string;
  /** Epoch seconds. */
  readonly time: number;
  /** The file that OSSEC reads it from on the host. */
  readonly location: string;
  /** Where the replay has it from, for people. */
  readonly file: string | null;
  readonly lineNumber: number | null;
}
