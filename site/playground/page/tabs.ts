/** Tabs with the keyboard as people know it: arrows, Home and End. */

/** @returns chooses a tab by its panel's id */
export function tabs(list: Element, chosen: (panel: string) => void): (panel: string) => void {
  const all = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
  const panelOf = (tab: HTMLElement): string => tab.getAttribute("aria-controls") ?? "";
  const choose = (panel: string): void => {
    for (const tab of all) {
      const isChosen = panelOf(tab) === panel;
      tab.setAttribute("aria-selected", `${isChosen}`);
      tab.tabIndex = isChosen ? 0 : -1;
      const element = document.getElementById(panelOf(tab));
      if (element !== null) element.hidden = !isChosen;
    }
    chosen(panel);
  };
  for (const [at, tab] of all.entries()) {
    tab.addEventListener("click", () => choose(panelOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const steps: Readonly<Record<string, number>> = {
        ArrowRight: (at + 1) % all.length,
        ArrowLeft: (at + all.length - 1) % all.length,
        Home: 0,
        End: all.length - 1,
      };
      const next = all[steps[event.key] ?? -1];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
      choose(panelOf(next));
    });
  }
  return choose;
}
