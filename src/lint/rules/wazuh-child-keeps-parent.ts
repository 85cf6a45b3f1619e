import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhChildKeepsParent: LintRule = {
  code: "WAZUH-CHILD-KEEPS-PARENT",
  trap: "child-without-prematch-keeps-parent",
  effect: "misread",
  dialects: ["wazuh"],
  title: "A child decoder whose type, fts or name has no effect",
  why: "A child without prematch does not become the decoder of the event: type, fts and use_own_name are those of the parent.",
  instead: "Give the child a prematch, or write the element into the parent.",
  reference: "docs/reference/wazuh.md#selection-in-wazuh",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch></decoder>
<decoder name="app-a"><parent>app</parent><use_own_name>«true»</use_own_name><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch></decoder>
<decoder name="app-a"><parent>app</parent><use_own_name>true</use_own_name><prematch offset="after_parent">^a </prematch><regex offset="after_prematch">^(\S+)</regex><order>user</order></decoder>`,
  },
  fixed: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch></decoder>
<decoder name="app-a"><parent>app</parent><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>`,
  },
  check(context, report) {
    const { withProgramName, withoutProgramName } = context.loaded.decoders;
    for (const { decoder: top, children } of [...withProgramName, ...withoutProgramName]) {
      for (const child of children) {
        if (child.prematch !== null || children.some(({ name, getNext }) => name === child.name && getNext))
          continue;
        const source = context.written.decoder(child);
        const idle = [
          child.useOwnName ? elementNamed(source, "use_own_name") : undefined,
          child.type === top.type ? undefined : elementNamed(source, "type"),
          elementNamed(source, "fts"),
        ];
        for (const element of idle) {
          if (element === undefined) continue;
          report(
            element.content,
            `<${element.name}> of decoder "${child.name}" has no effect: events stay those of "${top.name}"`,
            removeElements("Take the element away.", element),
          );
        }
      }
    }
  },
};
