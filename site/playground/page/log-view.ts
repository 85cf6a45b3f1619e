/** A whole log through the editors' rules. */
import type { LogProgress } from "../core/messages.js";
import { counted, el, several, show } from "./dom.js";

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function showLog(
  parent: HTMLElement,
  name: string,
  progress: LogProgress,
  seconds: number,
  stop: () => void,
): void {
  const { read, size, lines, alerts, done, problem, rules, decoders, first } = progress;
  const rate = seconds > 0 ? `, ${counted(Math.round(lines / seconds))} lines a second` : "";
  show(
    parent,
    el("h3", {}, name),
    el(
      "p",
      { class: "progress" },
      el("progress", { max: `${Math.max(1, size)}`, value: `${read}`, "aria-label": `Reading ${name}` }),
      ` ${done ? "Read" : "Reading"} ${megabytes(read)} of ${megabytes(size)}: ${several(lines, "line")}${rate}. `,
      done ? null : el("button", { type: "button", class: "small", onclick: stop }, "Stop"),
    ),
    problem === null ? null : el("p", { class: "bad" }, problem),
    el("p", {}, `${several(alerts, "alert")}.`),
    table(
      "Rules",
      ["Rule", "Level", "Description", "Events"],
      rules.map(({ id, level, description, count }) => [`${id}`, `${level}`, description, counted(count)]),
    ),
    table(
      "Decoders",
      ["Decoder", "Events"],
      decoders.map(([decoder, count]) => [decoder, counted(count)]),
    ),
    first.length === 0
      ? null
      : table(
          alerts > first.length ? `The first ${counted(first.length)} alerts` : "Alerts",
          ["Line", "Rule", "Level", "Text"],
          first.map(({ line, rule, level, text }) => [counted(line), `${rule}`, `${level}`, text]),
        ),
  );
}

function table(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement | null {
  if (rows.length === 0) return null;
  return el(
    "table",
    { class: "counts" },
    el("caption", {}, title),
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))))),
  );
}
