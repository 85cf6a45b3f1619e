import { type DiffData, diffTables } from "../report/html/diff-data.js";
import { type ImportData, importTables } from "../report/html/import-data.js";
import type { LintData } from "../report/html/lint-data.js";
import type { ReplayData } from "../report/html/replay-data.js";
import type { TestData } from "../report/html/test-data.js";
import type { TuneData } from "../report/html/tune-data.js";
import { button } from "./dom.js";
import { lintPage } from "./lint.js";
import { replayPage } from "./replay.js";
import { enhanceTables } from "./tables.js";
import { testPage } from "./test.js";
import { tunePage } from "./tune.js";

type PageData = DiffData | ImportData | LintData | ReplayData | TestData | TuneData;

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
  // Closed parts are opened for paper.
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  // A link to what is in a closed part opens it.
  const reveal = (): void => {
    const part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = part?.closest("details");
    if (closed != null) closed.open = true;
    part?.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  const data: PageData = JSON.parse(document.querySelector("#data")?.textContent ?? "null");
  switch (data.kind) {
    case "replay":
      replayPage(data);
      break;
    case "diff":
      enhanceTables(diffTables(data), { pickEvent: () => undefined });
      break;
    case "import":
      enhanceTables(importTables(data), { pickEvent: () => undefined });
      break;
    case "lint":
      lintPage(data);
      break;
    case "test":
      testPage(data);
      break;
    case "tune":
      tunePage(data);
  }
}

start();
