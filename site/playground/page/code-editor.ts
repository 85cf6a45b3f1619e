/** CodeMirror, in a chunk of its own. It stands in a shadow tree, so that the page's policy allows no inline style. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { xmlLanguage } from "@codemirror/lang-xml";
import { bracketMatching, HighlightStyle, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  GutterMarker,
  gutter,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { ShownFinding } from "../core/findings.js";
import type { EditorFace, EditorOptions } from "./editor.js";

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text)", backgroundColor: "var(--field)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", padding: "6px 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-gutters": { backgroundColor: "var(--field)", color: "var(--faint)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--active)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    maxWidth: "38em",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-wrap" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
    borderRadius: "4px",
    padding: "2px 8px",
  },
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--text)" },
  ".cm-panel input, .cm-panel button": { color: "var(--text)", background: "var(--field)" },
  ".mark": { width: "10px", height: "10px", borderRadius: "5px", margin: "5px 3px 0", display: "block" },
  ".mark-alert": { backgroundColor: "var(--alert)" },
  ".mark-rule": { backgroundColor: "var(--rule)" },
  ".mark-none": { border: "1.5px solid var(--faint)", boxSizing: "border-box" },
  ".mark-crash": { backgroundColor: "var(--bad)", borderRadius: "0" },
});

const highlighting = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--tag)" },
  { tag: tags.attributeName, color: "var(--attribute)" },
  { tag: [tags.attributeValue, tags.string], color: "var(--value)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.character, tags.invalid], color: "var(--bad)" },
]);

class LineMark extends GutterMarker {
  readonly #state: string;

  constructor(state: string) {
    super();
    this.#state = state;
  }

  override eq(other: GutterMarker): boolean {
    return other instanceof LineMark && other.#state === this.#state;
  }

  override toDOM(): Node {
    const mark = document.createElement("span");
    mark.className = `mark mark-${this.#state}`;
    return mark;
  }
}

const setMarks = StateEffect.define<RangeSet<GutterMarker>>();
const marks = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setMarks));
    return set === undefined ? value.map(transaction.changes) : set.value;
  },
});

/** Names of elements behind a `<`, of attributes within a `<rule`. */
function complete({ words, kind }: EditorOptions, context: CompletionContext): CompletionResult | null {
  const known = words?.() ?? null;
  if (known === null) return null;
  const tag = context.matchBefore(/<\/?[\w_]*/);
  if (tag !== null) {
    const names = kind === "decoders" ? ["decoder", ...known.decoders] : ["group", "rule", ...known.rules];
    const from = tag.from + (tag.text.startsWith("</") ? 2 : 1);
    return { from, options: names.map((label) => ({ label, type: "type" })), validFor: /^\w*$/ };
  }
  const attribute = context.matchBefore(/<rule\s[^<>]*\s[\w_]*|<rule\s+[\w_]*/);
  if (attribute === null || kind !== "rules") return null;
  const name = context.matchBefore(/\w*/);
  return {
    from: name?.from ?? context.pos,
    options: known.ruleAttributes.map((label) => ({ label, type: "property", apply: `${label}="` })),
    validFor: /^\w*$/,
  };
}

const languageOf = (options: EditorOptions): Extension =>
  options.kind === "lines" || options.kind === "texts"
    ? []
    : [
        new LanguageSupport(xmlLanguage),
        closeBrackets(),
        autocompletion({ override: [(context) => complete(options, context)] }),
        lintGutter(),
      ];

const severities = { error: "error", warning: "warning", info: "info" } as const;

function diagnosticOf(finding: ShownFinding, length: number, fix: EditorOptions["fix"]): Diagnostic {
  const { from, to, severity, message, help, code } = finding;
  return {
    from: Math.min(from, length),
    to: Math.min(Math.max(to, from), length),
    severity: severities[severity],
    message: `${message}${help === null ? "" : `\n${help}`}`,
    source: code,
    actions:
      finding.fix === null || fix === undefined
        ? []
        : [{ name: finding.fix.title, apply: () => fix(finding) }],
  };
}

export function codeEditor(host: HTMLElement, options: EditorOptions, text: string): EditorFace {
  const root = host.attachShadow({ mode: "open" });
  /** Texts that the page sets are no changes of the reader's. */
  let isSetting = false;
  const extensions: Extension[] = [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    search({ top: true }),
    // TAB leaves the editor: whoever has no mouse must come out.
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
    syntaxHighlighting(highlighting),
    theme,
    languageOf(options),
    EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !isSetting) options.changed(update.state.doc.toString());
      if (update.selectionSet || update.docChanged)
        options.moved?.(update.state.doc.lineAt(update.state.selection.main.head).number);
    }),
  ];
  if (options.kind === "lines")
    extensions.push(
      marks,
      gutter({
        class: "marks",
        markers: (view) => view.state.field(marks),
        initialSpacer: () => new LineMark("none"),
      }),
    );
  const view = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent: root, root });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set(value) {
      isSetting = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
      isSetting = false;
    },
    goTo(number) {
      const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
      view.dispatch({
        selection: { anchor: line.from },
        effects: EditorView.scrollIntoView(line.from, { y: "center" }),
      });
      view.focus();
    },
    showFindings(findings) {
      const { length } = view.state.doc;
      view.dispatch(
        setDiagnostics(
          view.state,
          findings.map((finding) => diagnosticOf(finding, length, options.fix)),
        ),
      );
    },
    showMarks(states) {
      if (options.kind !== "lines") return;
      const { doc } = view.state;
      const ranges = [...states].flatMap(([number, state]) =>
        number > doc.lines ? [] : [new LineMark(state).range(doc.line(number).from)],
      );
      view.dispatch({ effects: setMarks.of(RangeSet.of(ranges, true)) });
    },
  };
}
