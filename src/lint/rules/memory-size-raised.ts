import { atoi } from "../../ossec/load/text.js";
import { elementOfSection } from "../conf-sections.js";
import { rewrite } from "../edits.js";
import type { LintRule } from "../model.js";

export const memorySizeRaised: LintRule = {
  code: "OSSEC-MEMORY-SIZE-RAISED",
  effect: "misread",
  title: "A memory_size below 2048",
  why: "The engine keeps at least 2048 events.",
  instead: "Write 2048 or more.",
  reference: "docs/reference/ossec.md#correlation (Memory)",
  bad: { conf: `<global><memory_size>«100»</memory_size></global>` },
  fixed: { conf: `<global><memory_size>2048</memory_size></global>` },
  good: { conf: `<global><memory_size>8192</memory_size></global>` },
  check(context, report) {
    for (const section of context.sections) {
      const element = section.name === "global" ? elementOfSection(section, "memory_size") : undefined;
      if (element !== undefined && /^\d+$/.test(element.value) && atoi(element.value) < 2048)
        report(
          element.place,
          `memory_size ${element.value} is raised to 2048`,
          rewrite("Write what the engine reads.", element.place, element.value, "2048"),
        );
    }
  },
};
