import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { version } from "../../files/version.js";
import { sortDiagnostics } from "../diagnostics-text.js";
import { assetMarkup, type Content, html, jsonMarkup, type Markup } from "./markup.js";
import { type TableData, tableMarkup } from "./table.js";

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

export interface Page {
  readonly title: string;
  /** The one sentence that matters, and what belongs to it. */
  readonly lead: Content;
  /** What is wrong with the report as a whole: it is a part. */
  readonly warning?: string;
  readonly sections: readonly Section[];
  /** Whether links to the sections stand above them (default true). */
  readonly links?: boolean;
  /** What the page's script draws; its `kind` says which report it is. */
  readonly data: { readonly kind: string };
  readonly diagnostics: readonly Diagnostic[];
}

/** What `bin/build.js` makes of src/web. */
function asset(name: string): string {
  return readFileSync(new URL(`../../web/${name}`, import.meta.url), "utf8");
}

/**
 * One file that holds everything: style, script and data. Its policy forbids every request, and every script and style
 * but these two, which it knows by their hashes.
 */
export function pageHtml({ title, lead, warning, sections, links = true, data, diagnostics }: Page): string {
  const style = asset("report.css");
  const script = asset("report.js");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const all: readonly Section[] = [
    ...sections,
    ...(diagnostics.length === 0
      ? []
      : [{ id: "run", title: "Warnings of the run", body: tableMarkup(diagnosticTable(diagnostics)) }]),
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${assetMarkup(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${warning === undefined ? null : html`<p class="warning">${warning}</p>\n`}${lead}
${links ? html`<nav aria-label="Sections"><ul>${all.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>` : null}
</header>
<main>
${all.map(sectionMarkup)}</main>
<footer><p>zopf ${version}. Times are UTC. This page asks nothing of any server: its policy forbids it.</p></footer>
<script type="application/json" id="data">${jsonMarkup(data)}</script>
<script>${assetMarkup(script)}</script>
</body>
</html>
`.text;
}

function sectionMarkup({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

export function diagnosticTable(diagnostics: readonly Diagnostic[]): TableData {
  return {
    id: "diagnostics",
    caption: "What was reported about the run",
    columns: [
      { title: "Severity", kind: "choice" },
      { title: "What", kind: "text" },
      { title: "What to do", kind: "text" },
      { title: "Where", kind: "path" },
      { title: "Code", kind: "code" },
    ],
    rows: sortDiagnostics(diagnostics).map(({ severity, message, help, file, line, code }) => ({
      cells: [severity, message, help ?? null, file === "" || file === "-" ? null : `${file}:${line}`, code],
      tone: severity === "error" ? "bad" : "plain",
    })),
    empty: "",
  };
}
