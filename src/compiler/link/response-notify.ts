import type { NotifyResponseModel } from "../../model/model.js";
import { child, describe, type Field, type LinkContext, readList, wrongShape } from "./field.js";
import { responseCodes } from "./response-codes.js";
import { lineProblem, readPath } from "./texts.js";

const facilities = "auth|authpriv|daemon|user|local[0-7]";
const severities = "alert|crit|err|warning|notice|info";
const priority = new RegExp(`^(?:${facilities})\\.(?:${severities})$`);

const mostArguments = 32;
const longestArgument = 400;

/** What a notification does: a line to syslog, a program, or both. */
export function readNotification(
  context: LinkContext,
  entry: Field,
): Pick<NotifyResponseModel, "syslog" | "run"> | null {
  const runField = child(context, entry, "run");
  const run = runField.value === undefined ? undefined : readProgram(context, runField);
  const field = child(context, entry, "syslog");
  const { value } = field;
  if (value === undefined)
    return run === null ? null : { syslog: run === undefined ? "auth.notice" : null, run: run ?? null };
  if (typeof value !== "string" || !priority.test(value))
    return wrongShape(
      context,
      field,
      'a facility and a severity, as logger -p takes them: "auth.notice", "local3.warning"',
    );
  return run === null ? null : { syslog: value, run: run ?? null };
}

/** A program by its absolute path, and words that are handed to it as they are. */
function readProgram(context: LinkContext, field: Field): readonly string[] | null {
  const [programField, ...fields] = readList(context, field) ?? [];
  if (programField === undefined)
    return Array.isArray(field.value)
      ? wrongShape(context, field, "a program's path and its fixed arguments")
      : null;
  const program = readPath(context, programField);
  const told = (at: Field, message: string, help?: string): null => {
    context.diagnostics.push(responseCodes.notify(at.span(), message, help));
    return null;
  };
  if (fields.length > mostArguments)
    return told(field, `${field.label} has ${fields.length} arguments; ${mostArguments} are the most`);
  const words: string[] = [];
  let wrong = program === null;
  for (const entry of fields) {
    const { value } = entry;
    const problem =
      typeof value !== "string"
        ? `it is ${describe(value)}, not a string`
        : value === ""
          ? null
          : (lineProblem(value, longestArgument) ?? asciiProblem(value));
    if (problem === null && typeof value === "string") words.push(value);
    else {
      wrong = true;
      told(
        entry,
        `${entry.label} cannot be an argument: ${problem}`,
        "arguments are plain words; nothing in them is expanded",
      );
    }
  }
  return wrong || program === null ? null : [program, ...words];
}

/** execd has the locale C, in which yash reads no other letters. */
function asciiProblem(value: string): string | null {
  return /^[ -~]*$/.test(value) ? null : "it holds letters beyond ASCII, which not every shell reads";
}
