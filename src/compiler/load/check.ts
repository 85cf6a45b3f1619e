import type { ts } from "ts-morph";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import { eventHelp } from "./event-help.js";
import { withoutFollowUps } from "./follow-ups.js";
import { meantWord, unknownProperty, wrongWord } from "./meant-words.js";
import { missingProperties } from "./missing-properties.js";
import { spanOfNode, spanOfRange } from "./span.js";
import { typeHelp } from "./type-help.js";
import { typescript } from "./typescript.js";
import { zopfCode } from "./zopf-home.js";

/** `Cannot find module …`. */
const unresolved = new Set([2307, 2792]);
/** `await` where no asynchronous function is around it. */
const awaits = new Set([1309, 1375, 1378, 1431, 1432]);
/**
 * What TypeScript objects to only because bundles are checked as CommonJS: `import.meta`, and import
 * attributes (`with { type: "json" }`). The loader runs both.
 */
const harmless = new Set([1470, 1543, 2856]);
/** `Parameter 'c' implicitly has an 'any' type.` */
const implicitAny = 7006;
/** A value that does not fit its type. */
const unassignable = new Set([2322, 2820, 2353]);

/** TypeScript's complaints about one file of the user: its syntax, or else its types. */
export function checkFile(program: ts.Program, file: ts.SourceFile): readonly Diagnostic[] {
  const deep = firstTooDeep(file);
  if (deep !== null) {
    const message = `more than ${deepest} levels of nesting`;
    return [codes.tooDeep(spanOfRange(file, deep, deep), message, "split it into constants")];
  }
  const syntax = program.getSyntacticDiagnostics(file);
  const found = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
  return reported(
    found.filter((one) => !harmless.has(one.code)),
    file,
    program.getTypeChecker(),
  );
}

/** A wrong event is reported once, at its own place, and not again as parameters without a type. */
function reported(
  found: readonly ts.Diagnostic[],
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): readonly Diagnostic[] {
  const starts = new Set<number>();
  const events: Diagnostic[] = [];
  const others = found.filter((one) => {
    const ours = one.file === undefined || one.file === file;
    const event =
      ours && (one.code === implicitAny || unassignable.has(one.code))
        ? eventHelp(file, one.start ?? 0)
        : null;
    const atEvent = event !== null && (one.start ?? 0) >= event.start && (one.start ?? 0) < event.end;
    if (event === null || !(one.code === implicitAny || atEvent)) return true;
    if (starts.has(event.start)) return false;
    starts.add(event.start);
    events.push(codes.event(spanOfRange(file, event.start, event.end), event.message, event.help));
    return false;
  });
  const incomplete = new Set<number>();
  const rest = withoutFollowUps(others).flatMap(
    (one) => missingProperties(one, file, checker, incomplete) ?? [translate(one, file, checker)],
  );
  return [...events, ...rest];
}

/** Beyond it TypeScript's own work grows with the square of the depth, until its stack is used up. */
const deepest = 2000;

/** Where nodes stand deeper than that; null in any file that a person writes. */
function firstTooDeep(file: ts.SourceFile): number | null {
  const ts = typescript();
  let level: ts.Node[] = [file];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return level[0]?.getStart(file) ?? 0;
    const below: ts.Node[] = [];
    for (const node of level) {
      ts.forEachChild(node, (child) => {
        below.push(child);
      });
    }
    level = below;
  }
  return null;
}

function translate(found: ts.Diagnostic, file: ts.SourceFile, checker: ts.TypeChecker): Diagnostic {
  const span = spanOf(found, file);
  const message = plain(found.messageText);
  if (unresolved.has(found.code)) return importDiagnostic(found, file, span);
  if (awaits.has(found.code)) {
    return codes.topLevelAwait(
      span,
      "a bundle cannot `await` at its top level: zopf reads it in one go",
      "compute the value before, or import it from a .ts or .json file",
    );
  }
  const wrong = wrongWord(found, file, checker);
  if (wrong !== null) {
    const { node, property, help } = wrong;
    const text = `${property.name.getText(file)} cannot be "${node.text}"`;
    return { code: `TS${found.code}`, severity: "error", message: text, help, ...spanOfNode(property) };
  }
  const unknown = unknownProperty(found, file);
  const suggested = unknown === null && message.includes("Did you mean");
  const own = typeHelp(message) ?? (suggested ? null : meantWord(found, file, checker));
  const help =
    own === null
      ? (found.relatedInformation ?? [])
          // A place in zopf's own declarations says nothing to a user.
          .filter((one) => one.file?.fileName.startsWith(zopfCode) !== true)
          .slice(0, 3)
          .map((one) => related(one, file))
      : [own];
  return {
    code: `TS${found.code}`,
    severity: "error",
    message: unknown ?? message,
    ...(help.length === 0 ? {} : { help: help.join("; ") }),
    ...span,
  };
}

function importDiagnostic(found: ts.Diagnostic, file: ts.SourceFile, span: Span): Diagnostic {
  const text = file.text.slice(found.start ?? 0, (found.start ?? 0) + (found.length ?? 0));
  const specifier = text.replace(/^["'`]|["'`]$/g, "");
  const local = /^\.{0,2}\//.test(specifier);
  return codes.unresolvedImport(
    span,
    `the import ${JSON.stringify(specifier)} of ${span.file} does not resolve: ${
      local ? "there is no such file" : "no such package can be found from there, or it has no types"
    }`,
    local ? `it is looked for relative to ${span.file}` : undefined,
  );
}

function related(one: ts.DiagnosticRelatedInformation, file: ts.SourceFile): string {
  const message = plain(one.messageText);
  if (one.file === undefined || one.start === undefined) return message;
  // Nor does one in TypeScript's.
  if (one.file !== file && one.file.isDeclarationFile) return message;
  const span = spanOfRange(one.file, one.start, one.start + (one.length ?? 0));
  return `${span.file}:${span.line}:${span.column}: ${message}`;
}

function spanOf(found: ts.Diagnostic, file: ts.SourceFile): Span {
  const where = found.file ?? file;
  const start = found.start ?? 0;
  return spanOfRange(where, start, start + (found.length ?? 0));
}

/** The whole chain as one line: what is wrong, then why, each as a sentence. */
function plain(message: string | ts.DiagnosticMessageChain): string {
  const lines = typescript()
    .flattenDiagnosticMessageText(message, "\n")
    .split("\n")
    .map((line) => line.trim());
  const first = lines[0] ?? "";
  const reasons = lines.slice(1);
  // The last reasons are the ones at the place itself; the middle of a long chain repeats the types.
  const kept = reasons.length > 3 ? reasons.slice(-3) : reasons;
  return [first, ...kept].map(short).join(" ");
}

function short(sentence: string): string {
  return sentence.length > 400 ? `${sentence.slice(0, 399)}…` : sentence;
}
