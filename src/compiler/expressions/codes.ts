import { declareDiagnostic } from "../../diagnostics/diagnostic.js";

/** TypeScript that has no counterpart in Zeek. */
export const EXPRESSION_UNSUPPORTED = declareDiagnostic({
  code: "EXPRESSION-UNSUPPORTED",
  severity: "error",
  title: "a construct cannot be expressed in Zeek",
});

/** A value that may be absent where one is needed. */
export const EXPRESSION_ABSENT = declareDiagnostic({
  code: "EXPRESSION-ABSENT",
  severity: "error",
  title: "a value may be absent where Zeek needs one",
});

/** Two types that Zeek cannot bring together. */
export const EXPRESSION_TYPE = declareDiagnostic({
  code: "EXPRESSION-TYPE",
  severity: "error",
  title: "the types do not fit in Zeek",
});

/** A number that Zeek does not have: a division by zero, NaN, Infinity. */
export const EXPRESSION_NUMBER = declareDiagnostic({
  code: "EXPRESSION-NUMBER",
  severity: "error",
  title: "a number that Zeek does not have",
});

/** A regular expression that Zeek's patterns cannot stand for. */
export const EXPRESSION_PATTERN = declareDiagnostic({
  code: "EXPRESSION-PATTERN",
  severity: "error",
  title: "a regular expression that Zeek's patterns do not have",
});

/** Text where Zeek's bytes and TypeScript's UTF-16 units would differ. */
export const EXPRESSION_TEXT = declareDiagnostic({
  code: "EXPRESSION-TEXT",
  severity: "error",
  title: "a text operation that differs in Zeek beyond ASCII",
});

/** Written out, the expression is too large to run for each connection. */
export const EXPRESSION_TOO_LARGE = declareDiagnostic({
  code: "EXPRESSION-TOO-LARGE",
  severity: "error",
  title: "an expression becomes too large for Zeek",
});
