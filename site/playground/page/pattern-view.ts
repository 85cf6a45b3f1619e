/** The pattern tester: what it matches, what each part means, what it costs, in every engine. */
import type { Construct } from "../core/constructs.js";
import { engineTitles } from "../core/input.js";
import type { EnginePattern, PatternAnswer, TextMatch } from "../core/pattern.js";
import { el, several, show } from "./dom.js";

/** Engines that answer the same stand together. */
function alike(engines: readonly EnginePattern[]): readonly (readonly EnginePattern[])[] {
  const groups = new Map<string, EnginePattern[]>();
  for (const one of engines) {
    const { engine: _name, ...answer } = one;
    const key = JSON.stringify(answer);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()];
}

function parts(constructs: readonly Construct[], inWazuh: readonly (string | null)[]): HTMLElement {
  return el(
    "ol",
    { class: "constructs" },
    ...constructs.map(({ text, meaning, kind, trap }, at) =>
      el(
        "li",
        { class: trap ? `${kind} trap` : kind },
        el("code", {}, text.replaceAll(" ", "␣").replaceAll("\t", "⇥")),
        ` ${meaning}`,
        trap ? el("b", { class: "trapped" }, " often meant otherwise") : null,
        inWazuh[at] == null ? null : el("span", { class: "faint" }, `; in Wazuh: ${inWazuh[at]}`),
      ),
    ),
  );
}

function textRow(text: string, match: TextMatch): HTMLElement {
  const end = match.end ?? 0;
  const shown = match.matches
    ? el("td", { class: "subject" }, el("mark", {}, text.slice(0, end)), text.slice(end))
    : el("td", { class: "subject" }, text);
  return el(
    "tr",
    { class: match.matches ? "met" : "missed" },
    el("td", {}, match.dies ? el("b", { class: "bad" }, "the engine dies") : match.matches ? "matches" : "–"),
    shown,
    el(
      "td",
      {},
      ...match.captures.map((capture, at) =>
        el("span", { class: "field" }, el("i", {}, `${at + 1}`), ` ${capture}`),
      ),
    ),
  );
}

function engineCard(group: readonly EnginePattern[], texts: readonly string[]): HTMLElement {
  const [one] = group;
  const title = group.map(({ engine }) => engineTitles[engine]).join(", ");
  const matched = one?.texts.filter(({ matches }) => matches).length ?? 0;
  if (one === undefined) return el("section", {});
  return el(
    "section",
    { class: "card" },
    el("h3", {}, title),
    one.refused !== null
      ? el("p", { class: "bad" }, one.refused)
      : el(
          "div",
          {},
          el(
            "p",
            {},
            `${matched} of ${several(texts.length, "text")}, ${several(one.groups, "capture")}; `,
            el("span", { class: `cost ${one.cost.kind}` }, one.cost.text),
          ),
          el(
            "table",
            { class: "matches" },
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                ...["Answer", "Text, marked up to the end of the match", "Captures"].map((name) =>
                  el("th", { scope: "col" }, name),
                ),
              ),
            ),
            el("tbody", {}, ...one.texts.map((match, at) => textRow(texts[at] ?? "", match))),
          ),
        ),
  );
}

export function showPattern(parent: HTMLElement, answer: PatternAnswer): void {
  if (answer.engines.length === 0) {
    show(parent, el("p", { class: "empty" }, "Write a pattern, and some texts below it."));
    return;
  }
  const groups = alike(answer.engines);
  show(
    parent,
    el(
      "p",
      { class: groups.length > 1 ? "differs" : "agrees" },
      groups.length > 1 ? "The engines do not agree." : "All engines agree.",
    ),
    ...groups.map((group) => engineCard(group, answer.texts)),
    el("h3", {}, "What each part means"),
    parts(answer.constructs, answer.inWazuh),
  );
}
