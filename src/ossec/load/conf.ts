/** ossec.conf (config/config.c, docs/reference/ossec.md#configuration). */
import type { OssecProgram } from "../definitions.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import type { ConfContext, ConfDraft } from "./conf-reading.js";
import { readActiveResponse, readCommand, readExecd } from "./conf-response.js";
import { engines, type ProblemLog } from "./problems.js";

/** Programs that look through all sections. */
const readers: readonly OssecProgram[] = ["analysisd", "logtest", "logcollector"];

export function defaultConf(): ConfDraft {
  return {
    rules: [],
    decoders: [],
    lists: [],
    logAlertLevel: 1,
    emailAlertLevel: 7,
    whiteList: [],
    memorySize: 8192,
    commands: [],
    activeResponses: [],
    activeResponseOn: false,
    execdOn: true,
    repeatedOffenders: [],
    localfiles: [],
    places: { commands: [], responses: [], whiteList: [] },
  };
}

/** What is reported about the file of an agent: the analysis engine never reads it (docs/reference/ossec.md#corner-cases-of-configuration). */
function withoutEngines(problems: ProblemLog): ProblemLog {
  return {
    list: problems.list,
    report(code, at, message, details = {}) {
      const programs = (details.programs ?? engines).filter((program) => !engines.includes(program));
      if (programs.length > 0) problems.report(code, at, message, { ...details, programs });
    },
  };
}

/** An agent names its server and no rules. */
function isOfAgent({ roots }: XmlDocument): boolean {
  const sections = roots.flatMap(({ name, children }) => (name === "ossec_config" ? children : []));
  return (
    sections.some(({ name }) => name === "client") &&
    !sections.some(({ name }) => name === "rules" || name === "ruleset")
  );
}

/** Reads a parsed ossec.conf. The analysis engine reads it twice: active responses come last. */
export function readConf(given: ConfContext): void {
  const { document } = given;
  const problems = isOfAgent(document) ? withoutEngines(given.problems) : given.problems;
  const context = { ...given, problems };
  const sections: XmlElement[] = [];
  for (const root of document.roots) {
    if (root.name === "ossec_config") for (const section of root.children) sections.push(section);
    else if (!context.dialect.conf.otherRoots.has(root.name)) {
      problems.report(
        codes.confElement,
        root.opening,
        `ossec.conf holds <ossec_config> elements, not <${root.name}>`,
        { engineMessage: 1230, programs: readers },
      );
    }
  }
  for (const section of sections) {
    if (section.children.length === 0 && section.closed) {
      problems.report(
        codes.confElement,
        section.opening,
        `the section <${section.name}> is empty, which the engine does not accept`,
        { engineMessage: 1230, programs: readers },
      );
    } else readSection(context, section);
  }
  for (const section of sections) {
    if (section.name === "command" && section.children.length > 0) readCommand(context, section);
    else if (section.name === "active-response" && section.children.length > 0) {
      readActiveResponse(context, section);
    }
  }
  readExecd(
    context,
    document.roots.flatMap(({ name, children }) => {
      const response = children.find((section) => section.name === "active-response");
      return name === "ossec_config" && response !== undefined ? [response] : [];
    }),
  );
}

function readSection(context: ConfContext, section: XmlElement): void {
  const { sections, otherSections } = context.dialect.conf;
  const { name } = section;
  if (name === "command" || name === "active-response") return;
  const reader = sections.get(name);
  if (reader !== undefined) reader(context, section);
  else if (!otherSections.has(name)) {
    context.problems.report(codes.confElement, section.opening, `ossec.conf has no section <${name}>`, {
      engineMessage: 1230,
      programs: readers,
    });
  }
}
