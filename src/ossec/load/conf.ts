/** ossec.conf (config/config.c, docs/reference/ossec.md#configuration). */
import type { OssecProgram } from "../definitions.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { readAlerts, readGlobal } from "./conf-global.js";
import { readLocalfile } from "./conf-localfile.js";
import { type ConfContext, type ConfDraft, wrongValue } from "./conf-reading.js";
import { readActiveResponse, readCommand, readExecd } from "./conf-response.js";
import { readRulesSection } from "./conf-rules.js";
import { engines, type ProblemLog } from "./problems.js";

/** Programs that look through all sections. */
const readers: readonly OssecProgram[] = ["analysisd", "logtest", "logcollector"];

/** Sections of other programs: known, but not looked into. */
const otherSections: ReadonlySet<string> = new Set([
  "rootcheck",
  "email_alerts",
  "database_output",
  "syslog_output",
  "agentless",
  "remote",
  "client",
  "reports",
]);

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
    else {
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
  switch (section.name) {
    case "global":
      readGlobal(context, section);
      return;
    case "rules":
      // Wazuh has <ruleset> in its place.
      if (context.words === "wazuh") break;
      readRulesSection(context, section);
      return;
    case "ruleset":
      if (context.words !== "wazuh") break;
      readRulesSection(context, section);
      return;
    case "alerts":
      readAlerts(context, section);
      return;
    case "localfile":
      readLocalfile(context, section);
      return;
    case "syscheck":
      readSyscheck(context, section);
      return;
    case "command":
    case "active-response":
      return;
    default:
      break;
  }
  // Wazuh has many sections of its own, which are not looked into.
  if (otherSections.has(section.name) || (context.words === "wazuh" && section.name !== "rules")) return;
  context.problems.report(codes.confElement, section.opening, `ossec.conf has no section <${section.name}>`, {
    engineMessage: 1230,
    programs: readers,
  });
}

/** The analysis engine looks for two switches here and at nothing else. */
function readSyscheck(context: ConfContext, section: XmlElement): void {
  for (const element of section.children) {
    if (element.name !== "auto_ignore" && element.name !== "alert_new_files") continue;
    if (element.value !== "yes" && element.value !== "no") wrongValue(context, element, engines, "yes or no");
  }
}
