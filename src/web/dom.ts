import { printable } from "../report/diagnostics-text.js";

type Handlers = { readonly [name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[name]) => void };

export interface Properties {
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: Handlers;
}

/** An element with children; text becomes text nodes, never markup, and what would be unseen in it is shown. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: name, attributes = {}, on = {} }: Properties = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name !== undefined) made.className = name;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, printable(value));
  made.append(...children.map((child) => (typeof child === "string" ? printable(child) : child)));
  listen(made, on);
  return made;
}

function listen(to: HTMLElement, handlers: Handlers): void {
  if (handlers.click !== undefined) to.addEventListener("click", handlers.click);
  if (handlers.input !== undefined) to.addEventListener("input", handlers.input);
  if (handlers.change !== undefined) to.addEventListener("change", handlers.change);
  if (handlers.keydown !== undefined) to.addEventListener("keydown", handlers.keydown);
  if (handlers.scroll !== undefined) to.addEventListener("scroll", handlers.scroll);
}

export function button(
  text: string,
  label: string | null,
  press: () => void,
  name = "button",
): HTMLButtonElement {
  return element(
    "button",
    {
      class: name,
      attributes: { type: "button", ...(label === null ? {} : { "aria-label": label, title: label }) },
      on: { click: press },
    },
    text,
  );
}

/** A colour of the style sheet, as it is now: light, dark or for paper. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls when colours change: another theme, or the page is printed. */
export function onColours(change: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
  matchMedia("print").addEventListener("change", change);
  new MutationObserver(change).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
