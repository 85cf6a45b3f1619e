import { removeElements } from "../edits.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const useOwnNameValue: LintRule = {
  code: "OSSEC-USE-OWN-NAME-VALUE",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "use_own_name with another word than true",
  why: "Only the exact word true counts; yes, 1 and True are the same as nothing.",
  instead: "Write <use_own_name>true</use_own_name>.",
  reference: "docs/reference/ossec.md#decoder-selection",
  bad: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-a"><parent>app</parent><use_own_name>«yes»</use_own_name><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
  },
  fixed: {
    decoders:
      `<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-a"><parent>app</parent><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
  },
  good: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-a"><parent>app</parent><use_own_name>true</use_own_name><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      for (const element of elementsNamed(context.written.decoder(decoder), "use_own_name")) {
        if (element.value !== "true" && !/^(?:no|false|0)$/i.test(element.value))
          report(
            element.content,
            `"${element.value}" does not switch use_own_name of decoder "${decoder.name}" on`,
            removeElements("Take the element away.", element),
          );
      }
    }
  },
};
