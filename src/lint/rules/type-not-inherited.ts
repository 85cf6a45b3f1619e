import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const typeNotInherited: LintRule = {
  code: "OSSEC-TYPE-NOT-INHERITED",
  trap: "type-not-inherited",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A child decoder without its parent's type",
  why: "<type> is not inherited: when the child matches, the event is of type syslog again, and the rules of the parent's category are never tried.",
  instead: "Repeat <type> in the child.",
  reference: "docs/reference/ossec.md#decoder-selection (type is not inherited)",
  bad: {
    decoders:
      String.raw`<decoder name="fw"><type>firewall</type><prematch>^FW </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="«fw-drop»"><parent>fw</parent><regex offset="after_parent">^(\S+) (\S+) (\S+) (\S+)</regex><order>action,srcip,dstip,protocol</order></decoder>`,
  },
  good: {
    decoders:
      String.raw`<decoder name="fw"><type>firewall</type><prematch>^FW </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="fw-drop"><parent>fw</parent><type>firewall</type><regex offset="after_parent">^(\S+) (\S+) (\S+) (\S+)</regex><order>action,srcip,dstip,protocol</order></decoder>`,
  },
  check(context, report) {
    const { withProgramName, withoutProgramName } = context.loaded.decoders;
    for (const { decoder, children } of [...withProgramName, ...withoutProgramName]) {
      if (decoder.type === "syslog") continue;
      for (const child of children) {
        // In Wazuh a child without prematch leaves the event its parent's.
        if (
          (context.dialect === "wazuh" && child.prematch === null) ||
          child.plugin !== null ||
          child.type !== "syslog" ||
          elementNamed(context.written.decoder(child), "type") !== undefined
        )
          continue;
        report(
          context.written.decoder(child).namePlace,
          `events that decoder "${child.name}" decodes are of type syslog, not ${decoder.type} as its parent says: rules of category ${decoder.type} are never tried`,
        );
      }
    }
  },
};
