import type { ReplayData } from "../report/html/replay-data.js";
import { button } from "./dom.js";
import { replayPage } from "./replay.js";

type PageData = ReplayData;

/** Light or dark as the reader's system has it, until one is chosen. */
function themeSwitch(): void {
  const root = document.documentElement;
  const isDark = (): boolean =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
    "dark";
  const press = button(
    "Light or dark",
    null,
    () => {
      root.dataset.theme = isDark() ? "light" : "dark";
    },
    "button theme",
  );
  document.querySelector("header")?.prepend(press);
}

function start(): void {
  themeSwitch();
  const data: PageData = JSON.parse(document.querySelector("#data")?.textContent ?? "null");
  switch (data.kind) {
    case "replay":
      replayPage(data);
  }
  // Closed parts are opened for paper.
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
}

start();
