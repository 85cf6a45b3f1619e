/** What the readers of ossec.conf's sections share (config/*.c, docs/reference/ossec.md#configuration). */

import type {
  ActiveResponseDefinition,
  CommandDefinition,
  IncludedFile,
  LocalfileDefinition,
  OssecProgram,
  WhiteListEntry,
} from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { ProblemLog } from "./problems.js";

/** ossec.conf while it is read. */
export interface ConfDraft {
  rules: IncludedFile[];
  decoders: IncludedFile[];
  lists: IncludedFile[];
  logAlertLevel: number;
  emailAlertLevel: number;
  whiteList: WhiteListEntry[];
  memorySize: number;
  commands: CommandDefinition[];
  activeResponses: ActiveResponseDefinition[];
  activeResponseOn: boolean;
  execdOn: boolean;
  repeatedOffenders: readonly number[];
  localfiles: LocalfileDefinition[];
  /** Where what the engine runs on is written. */
  readonly places: {
    readonly commands: SourceRange[];
    readonly responses: SourceRange[];
    readonly whiteList: SourceRange[];
  };
}

/** What can be asked about the host that the configuration is for. All paths as written in ossec.conf. */
export interface ConfHost {
  /** Names in a folder below the OSSEC home; null when it is not there. */
  readonly list: (path: string) => readonly string[] | null;
  /** How many files match; null when that is not known. */
  readonly glob: (pattern: string) => number | null;
}

export interface ConfContext {
  readonly document: XmlDocument;
  readonly dialect: Dialect;
  readonly problems: ProblemLog;
  readonly host: ConfHost;
  readonly conf: ConfDraft;
}

/** Reports a wrong value (1235). */
export function wrongValue(
  context: ConfContext,
  element: XmlElement,
  programs: readonly OssecProgram[],
  expected: string,
): void {
  context.problems.report(
    codes.confValue,
    element.content,
    `<${element.name}> is ${expected}, not "${element.value}"`,
    { engineMessage: 1235, programs },
  );
}

/** Reports an element that the section does not have (1230). */
export function unknownElement(
  context: ConfContext,
  element: XmlElement,
  section: string,
  programs: readonly OssecProgram[],
): void {
  context.problems.report(
    codes.confElement,
    { source: context.document.source, start: element.start, end: element.openEnd },
    `<${section}> has no element <${element.name}> (letter case counts here)`,
    { engineMessage: 1230, programs },
  );
}
