import { printable } from "../diagnostics-text.js";

/** Text that is HTML; only {@link html} makes it, so nothing of a log is ever taken for it. */
class SafeMarkup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Markup = SafeMarkup;

/** What stands in a template: texts are escaped, markup stays, of a list every item; null is nothing. */
export type Content = string | number | null | Markup | readonly Content[];

/**
 * A piece of a page: the template is HTML, every value in it is text and escaped as such, whether it stands in an
 * element or in a quoted attribute.
 */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new SafeMarkup(
    template
      .map((piece, index) => (index === 0 ? piece : rendered(values[index - 1] ?? null) + piece))
      .join(""),
  );
}

function rendered(value: Content): string {
  if (value === null) return "";
  if (typeof value === "string") return htmlText(value);
  if (typeof value === "number") return String(value);
  if (value instanceof SafeMarkup) return value.text;
  return value.map(rendered).join("");
}

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["`", "&#96;"],
]);

/** Text for an element or a quoted attribute of HTML; what would be unseen in it, or turn its direction, is shown. */
export function htmlText(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (found) => entities.get(found) ?? "");
}

/** A value for `<script type="application/json">`: no text of it can end the element or begin a comment. */
export function jsonMarkup(value: unknown): Markup {
  const escaped = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new SafeMarkup(escaped);
}

/** A style sheet or script of zopf's own build. */
export function assetMarkup(text: string): Markup {
  return new SafeMarkup(text);
}
