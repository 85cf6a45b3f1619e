/** The linter's findings below the editors; a click leads to the place, a button applies the fix. */
import type { ShownFinding } from "../core/findings.js";
import { el, show } from "./dom.js";

const editors = { decoders: "Decoders", rules: "Rules", conf: "ossec.conf", lines: "Log lines" } as const;

export interface FindingsHost {
  readonly goTo: (place: { readonly editor: ShownFinding["editor"]; readonly line: number }) => void;
  readonly fix: (finding: ShownFinding) => void;
}

const rank = { refused: 0, dead: 1, dangerous: 2, misread: 3, style: 4 } as const;

export function showFindings(
  parent: HTMLElement,
  findings: readonly ShownFinding[],
  host: FindingsHost,
): void {
  if (findings.length === 0) {
    show(parent, el("p", { class: "empty" }, "The linter has nothing to say."));
    return;
  }
  const sorted = [...findings].sort((one, other) => rank[one.effect] - rank[other.effect]);
  show(
    parent,
    el(
      "ul",
      { class: "findings" },
      ...sorted.map((finding) =>
        el(
          "li",
          {},
          el("span", { class: `effect ${finding.effect}` }, finding.effect),
          el(
            "button",
            { type: "button", class: "link", onclick: () => host.goTo(finding) },
            `${editors[finding.editor]}, line ${finding.line}`,
          ),
          el("span", { class: "message" }, finding.message),
          finding.help === null ? null : el("p", { class: "help" }, finding.help),
          el(
            "p",
            { class: "more" },
            el("a", { href: `../lint/${finding.code.toLowerCase()}.html` }, finding.code),
            finding.fix === null
              ? null
              : el(
                  "button",
                  { type: "button", class: "small", onclick: () => host.fix(finding) },
                  finding.fix.title,
                ),
          ),
        ),
      ),
    ),
  );
}
