import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const childDecoderProgramName: LintRule = {
  code: "OSSEC-CHILD-DECODER-PROGRAM-NAME",
  trap: "child-decoder-program-name",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "program_name in a child decoder",
  why: "The program name of a child is not tested: the child is tried for every line of its parent.",
  instead: "Use a prematch, or make it a top-level decoder.",
  reference: "docs/reference/ossec.md#decoder-fields",
  bad: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-a"><parent>app</parent><program_name>«^other»</program_name><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
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
      String.raw`<decoder name="app-a"><parent>app</parent><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      const element =
        decoder.parent === null
          ? undefined
          : elementNamed(context.written.decoder(decoder), "program_name", "program_name_pcre2");
      if (element !== undefined)
        report(
          element.content,
          `the program name of child decoder "${decoder.name}" is never tested`,
          removeElements("Take the element away.", element),
        );
    }
  },
};
