/** Versions of the engine that zopf imitates (spec/ossec.md 15). */
export type EngineVersion = "4.3" | "3.8" | "3.7";

export interface PredecodeOptions {
  /** 3.7 keeps control bytes, later ones delete them. */
  readonly engine: EngineVersion;
  /** Host name of a line that carries none: the engine's own short host name. */
  readonly ownHostname: string;
}

/** A line cut into its head and its message (spec/ossec.md 4). Texts are latin1 strings. */
export interface PredecodedLine {
  readonly ignored?: false;
  /** The whole line, without control bytes from 3.8 on. */
  readonly fullLog: string;
  readonly hostname: string;
  readonly programName: string | null;
  /** What decoders and rules see. */
  readonly log: string;
}

export type Predecoded = PredecodedLine | { readonly ignored: true };

/** Pre-decodes a line given without its newline. */
export function predecode(line: string, options: PredecodeOptions): Predecoded {
  return { fullLog: line, hostname: options.ownHostname, programName: null, log: line };
}
