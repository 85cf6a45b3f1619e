import { codes } from "../codes.js";
import { refined, text } from "./decoder.js";

/** OSSEC reads no more of a line (docs/reference/ossec.md#life-of-an-event). */
const longestLine = 6_144;
const mostSamples = 1_000;

/** A line as it stands in a log. */
export const sampleLine = refined(text, (line, field) => {
  const problem =
    line.length < 2
      ? "OSSEC skips lines of less than two characters"
      : /[\n\r\0]/.test(line)
        ? "it holds a line end: each line is a sample of its own"
        : Buffer.byteLength(line) > longestLine
          ? `it is longer than the ${longestLine} bytes that OSSEC reads`
          : null;
  return problem === null
    ? line
    : field.report(codes.sample(field.span(), `${field.label} is no line: ${problem}`));
});

/** How many of them a detection has. */
export const mostLines = { most: mostSamples, expected: `a list of at most ${mostSamples} lines` };
