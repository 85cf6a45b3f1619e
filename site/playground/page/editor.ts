/** An editor: a plain text field until CodeMirror is there, and where it cannot be had. */
import type { ShownFinding } from "../core/findings.js";
import type { Words } from "../core/words.js";
import { el } from "./dom.js";

export type EditorKind = "rules" | "decoders" | "conf" | "lines" | "texts";

/** What CodeMirror, or the plain field, does for the page. */
export interface EditorFace {
  readonly text: string;
  set(text: string): void;
  /** Shows a line, from 1, and puts the cursor there. */
  goTo(line: number): void;
  showFindings(findings: readonly ShownFinding[]): void;
  /** One of lines: marks of what became of each, by number. */
  showMarks(marks: ReadonlyMap<number, string>): void;
}

export interface EditorOptions {
  readonly kind: EditorKind;
  /** What a screen reader calls it. */
  readonly label: string;
  readonly changed: (text: string) => void;
  /** The cursor came to another line. */
  readonly moved?: (line: number) => void;
  readonly fix?: (finding: ShownFinding) => void;
  readonly words?: () => Words | null;
}

class PlainEditor implements EditorFace {
  readonly field: HTMLTextAreaElement;

  constructor(options: EditorOptions, text: string) {
    this.field = el("textarea", {
      "aria-label": options.label,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    this.field.value = text;
    this.field.addEventListener("input", () => options.changed(this.field.value));
    const moved = (): void => {
      options.moved?.(this.field.value.slice(0, this.field.selectionStart).split("\n").length);
    };
    this.field.addEventListener("click", moved);
    this.field.addEventListener("keyup", moved);
  }

  get text(): string {
    return this.field.value;
  }

  set(text: string): void {
    this.field.value = text;
  }

  goTo(line: number): void {
    const at = this.field.value
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length;
    this.field.focus();
    this.field.setSelectionRange(at, at);
  }

  showFindings(): void {}
  showMarks(): void {}
}

export class Editor implements EditorFace {
  readonly #parent: HTMLElement;
  readonly #options: EditorOptions;
  #face: EditorFace;
  #findings: readonly ShownFinding[] = [];
  #marks: ReadonlyMap<number, string> = new Map();

  constructor(parent: HTMLElement, options: EditorOptions, text: string) {
    this.#parent = parent;
    this.#options = options;
    const plain = new PlainEditor(options, text);
    this.#face = plain;
    parent.replaceChildren(plain.field);
  }

  /** CodeMirror in the field's place; without a network, or offline for the first time, the field stays. */
  async upgrade(): Promise<void> {
    const { codeEditor } = await import("./code-editor.js");
    const host = el("div", { class: "code" });
    const isFocused = this.#parent.contains(document.activeElement);
    this.#face = codeEditor(host, this.#options, this.#face.text);
    this.#parent.replaceChildren(host);
    this.#face.showFindings(this.#findings);
    this.#face.showMarks(this.#marks);
    if (isFocused) this.#face.goTo(1);
  }

  get text(): string {
    return this.#face.text;
  }

  set(text: string): void {
    if (text !== this.#face.text) this.#face.set(text);
  }

  goTo(line: number): void {
    this.#face.goTo(line);
  }

  showFindings(findings: readonly ShownFinding[]): void {
    this.#findings = findings;
    this.#face.showFindings(findings);
  }

  showMarks(marks: ReadonlyMap<number, string>): void {
    this.#marks = marks;
    this.#face.showMarks(marks);
  }
}
