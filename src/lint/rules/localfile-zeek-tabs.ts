import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";

export const localfileZeekTabs: LintRule = {
  code: "OSSEC-LOCALFILE-ZEEK-TABS",
  effect: "dangerous",
  title: "A log of Zeek that is separated by TABs",
  why: "The engine deletes TABs: the fields of a Zeek log arrive glued together, and a pattern like (\\\\S+) takes its neighbour along. Only a text with blanks around it, as the message of a notice, can be read safely.",
  instead:
    "Let Zeek write JSON (LogAscii::use_json), or write patterns that end at something else than the next blank.",
  reference: "docs/reference/ossec.md#pre-decoding (0.)",
  bad: {
    decoders: String.raw`<decoder name="zeek"><prematch>Scan::</prematch><regex>from (\S+)</regex><order>srcip</order></decoder>`,
    conf: `<localfile><log_format>syslog</log_format><location>«/var/log/zeek/current/notice.log»</location></localfile>`,
  },
  good: {
    decoders: String.raw`<decoder name="zeek"><prematch>Scan::</prematch><regex>from (\d+.\d+.\d+.\d+) </regex><order>srcip</order></decoder>`,
    conf: `<localfile><log_format>syslog</log_format><location>/var/log/zeek/current/notice.log</location></localfile>`,
  },
  check(context, report) {
    if (context.loaded.dialect.engine.controlBytes === "kept") return;
    for (const { location, elements } of context.loaded.conf.localfiles) {
      if (location === null || !/\/(?:zeek|bro)\//i.test(location)) continue;
      const open = context.loaded.decoders.all.find(
        ({ regex, programName, order }) =>
          regex !== null &&
          programName === null &&
          order?.some((field) => field.kind === "slot" && field.slot === "srcip") === true &&
          /\(\\S[+*]\)$/.test(regex.text),
      );
      const element = elements.find(({ name }) => lowerCase(name) === "location");
      if (open !== undefined && element !== undefined)
        report(
          element.content,
          `decoder "${open.name}" takes a word up to the next blank, and TABs are deleted`,
        );
    }
  },
};
