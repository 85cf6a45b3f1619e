import type { FieldSlot } from "../../ossec/definitions.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const firewallEventDropped: LintRule = {
  code: "OSSEC-FIREWALL-EVENT-DROPPED",
  effect: "dead",
  title: "A decoder of type firewall whose events the daemon throws away",
  why: "Before rules are tried the daemon drops an event of type firewall that lacks one of action, srcip, dstip, srcport, dstport, protocol. ossec-logtest does not, so there everything looks right.",
  instead: "Fill all six in <order>, or leave <type>firewall</type> away.",
  reference: "docs/reference/ossec.md#decoder-fields, #daemon-and-logtest",
  bad: {
    decoders: String.raw`<decoder name="«fw»"><type>firewall</type><prematch>^FW </prematch><regex offset="after_prematch">^(\w+) (\S+) (\S+)</regex><order>action, srcip, dstip</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="fw"><type>firewall</type><prematch>^FW </prematch><regex offset="after_prematch">^(\w+) (\w+) (\S+):(\d+) (\S+):(\d+)</regex><order>action, protocol, srcip, srcport, dstip, dstport</order></decoder>`,
  },
  check(context, report) {
    if (context.loaded.options.logFirewall === 0) return;
    for (const { decoder, type, slots, opaque } of context.outcomes.all) {
      // Without any field the line was not understood anyway.
      if (decoder === null || type !== "firewall" || opaque || slots.size === 0) continue;
      const missing = needed.filter((slot) => !slots.has(slot));
      if (missing.length === 0) continue;
      const source = context.written.decoder(decoder);
      report(
        source.namePlace,
        `the daemon drops events of decoder "${decoder.name}": of type firewall, they need ${missing.join(", ")} as well`,
        elementNamed(source, "accumulate") === undefined ? {} : { severity: "warning" },
      );
    }
  },
};

const needed: readonly FieldSlot[] = ["action", "srcip", "dstip", "srcport", "dstport", "protocol"];
