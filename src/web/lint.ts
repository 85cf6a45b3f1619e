import { type LintData, lintTables } from "../report/html/lint-data.js";
import { element } from "./dom.js";
import { enhanceTables } from "./tables.js";

/** Brings the linter's page to life. */
export function lintPage(data: LintData): void {
  enhanceTables(lintTables(data), { pickEvent: () => undefined });
  const place = document.querySelector<HTMLElement>("[data-effects]");
  const effects = [...new Set(data.findings.map(({ effect }) => effect))];
  if (place !== null && effects.length > 1) effectFilter(place, effects);
}

/** Boxes that hide the findings of an effect. */
function effectFilter(place: HTMLElement, effects: readonly string[]): void {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-effect]")];
  const boxes = effects.map((effect) => {
    const box = element("input", {
      attributes: { type: "checkbox", checked: "" },
      on: {
        change: () => {
          for (const part of parts) if (part.dataset.effect === effect) part.hidden = !box.checked;
        },
      },
    });
    return element("label", {}, box, ` ${effect}`);
  });
  place.className = "controls";
  place.replaceChildren(...boxes);
  place.hidden = false;
}
