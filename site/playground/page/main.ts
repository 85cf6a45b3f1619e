/** The page: texts go to the workers, answers into the views. */
import type { Answer } from "../core/answer.js";
import type { ShownFinding } from "../core/findings.js";
import { type EditorName, engineNames, engineTitles, type PlaygroundInput } from "../core/input.js";
import type { Reply } from "../core/messages.js";
import {
  fragmentOf,
  longestLink,
  type SharedState,
  stateOf,
  type ViewName,
  viewNames,
} from "../core/share.js";
import type { Words } from "../core/words.js";
import { Axis } from "./axis.js";
import type { BundleView } from "./bundle-view.js";
import { byId, counted, el, several, show } from "./dom.js";
import { droppedFiles } from "./dropped.js";
import { Editor } from "./editor.js";
import { Engine } from "./engines.js";
import { examples } from "./examples.js";
import { ExplanationView } from "./explanation.js";
import { showFindings } from "./findings-view.js";
import { LinesView, stateOf as lineState } from "./lines-view.js";
import { showLog } from "./log-view.js";
import { showPattern } from "./pattern-view.js";
import { tabs } from "./tabs.js";

const editorNames = ["decoders", "rules", "conf", "lines"] as const;
const labels: Readonly<Record<EditorName, string>> = {
  decoders: "Decoders",
  rules: "Rules",
  conf: "ossec.conf",
  lines: "Log lines",
};

/**
 * Milliseconds of no typing before the linter looks, at least; before a look that takes longer it waits as long as the last
 * one took, so that it does not take the processor from the next answer. Longer than the second one nobody waits.
 */
const lintPauses = [250, 1500] as const;
/** The same before the address follows. */
const addressPause = 600;

function selectOf(id: string): HTMLSelectElement {
  const element = byId(id);
  if (element instanceof HTMLSelectElement) return element;
  throw new Error(`bug: #${id} is no select`);
}

function inputOf(id: string): HTMLInputElement {
  const element = byId(id);
  if (element instanceof HTMLInputElement) return element;
  throw new Error(`bug: #${id} is no input`);
}

class Page {
  #state: SharedState;
  /** The line of which everything is shown. */
  #asked = 1;
  #number = 0;
  #answer: Answer | null = null;
  #words: Words | null = null;
  #lintTimer = 0;
  /** When the linter was asked, and how long it took the last time. */
  #lintAsked = 0;
  #lintTook = 0;
  /** What the findings are about. */
  #linted: PlaygroundInput | null = null;
  #addressTimer = 0;
  /** The fragment whose state is on the page. */
  #hash = location.hash;
  readonly #answers: Engine;
  readonly #linter: Engine;
  readonly #logs: Engine;
  #bundle: BundleView | null = null;
  #log = { name: "", id: -1, start: 0 };
  readonly #editors: Readonly<Record<EditorName, Editor>>;
  readonly #texts: Editor;
  readonly #lines = new LinesView(byId("lines"), (number) => this.#ask(number));
  readonly #axis = new Axis(byId("axis"), (number) => this.#ask(number));
  readonly #explanation = new ExplanationView(byId("explanation"), { goTo: (place) => this.#goTo(place) });
  readonly #chooseView: (panel: string) => void;

  constructor(state: SharedState) {
    this.#state = state;
    const listener = (reply: Reply): void => this.#take(reply);
    this.#answers = new Engine(listener);
    this.#linter = new Engine(listener);
    this.#logs = new Engine(listener);
    const editor = (name: EditorName): Editor =>
      new Editor(
        byId(`editor-${name}`),
        {
          kind: name,
          label: labels[name],
          changed: (text) => this.#change({ [name]: text }),
          ...(name === "lines" ? { moved: (line: number) => this.#ask(line) } : {}),
          fix: (finding) => this.#fix(finding),
          words: () => this.#words,
        },
        state[name],
      );
    this.#editors = {
      decoders: editor("decoders"),
      rules: editor("rules"),
      conf: editor("conf"),
      lines: editor("lines"),
    };
    this.#texts = new Editor(
      byId("editor-texts"),
      { kind: "texts", label: "Texts", changed: (texts) => this.#change({ texts }) },
      state.texts,
    );
    this.#chooseView = tabs(byId("views"), (panel) => this.#openView(panel));
    const sub = document.querySelector(".subtabs");
    if (sub !== null) tabs(sub, () => undefined);
    // Whoever has no mouse scrolls them as well.
    for (const id of ["alerts", "output"]) byId(id).tabIndex = 0;
    this.#controls();
    this.#showState();
    this.#everything();
  }

  /** CodeMirror takes the plain fields' places. */
  async upgrade(): Promise<void> {
    for (const editor of [...Object.values(this.#editors), this.#texts]) await editor.upgrade();
  }

  #controls(): void {
    const engine = selectOf("engine");
    engine.append(...engineNames.map((name) => el("option", { value: name }, engineTitles[name])));
    engine.addEventListener("change", () => {
      const name = engineNames.find((one) => one === engine.value);
      if (name !== undefined) this.#change({ engine: name });
    });
    const example = selectOf("example");
    example.append(
      el("option", { value: "" }, "Choose …"),
      ...examples.map(({ title }, at) => el("option", { value: `${at}` }, title)),
    );
    example.addEventListener("change", () => {
      const chosen = examples[Number(example.value)];
      if (example.value !== "" && chosen !== undefined)
        this.#set({ ...this.#state, ...chosen.input, view: "rules", closed: false });
      example.value = "";
    });
    const language = selectOf("pattern-language");
    language.addEventListener("change", () => {
      const name = (["osregex", "osmatch", "pcre2"] as const).find((one) => one === language.value);
      if (name !== undefined) this.#change({ language: name });
    });
    const pattern = inputOf("pattern");
    pattern.addEventListener("input", () => this.#change({ pattern: pattern.value }));
    byId("share").addEventListener("click", () => {
      this.#share().catch((error: unknown) => this.#fault(String(error)));
    });
    this.#fileControls();
    addEventListener("hashchange", () => {
      const { hash } = location;
      stateOf(hash).then(
        (state) => {
          if (hash !== location.hash) return;
          if (state !== null && JSON.stringify(state) !== JSON.stringify(this.#state)) this.#set(state);
          this.#hash = hash;
        },
        () => {
          this.#hash = hash;
        },
      );
    });
  }

  #fileControls(): void {
    const folder = inputOf("ruleset-folder");
    const archive = inputOf("ruleset-archive");
    const log = inputOf("log-file");
    for (const input of [folder, archive])
      input.addEventListener("change", () => {
        const files = [...(input.files ?? [])].map(
          (file) => [file.webkitRelativePath === "" ? file.name : file.webkitRelativePath, file] as const,
        );
        input.value = "";
        if (files.length > 0) this.#work(this.#loadRuleset(files));
      });
    log.addEventListener("change", () => {
      const [file] = log.files ?? [];
      log.value = "";
      if (file !== undefined) this.#runLog(file);
    });
    byId("ruleset-none").addEventListener("click", () => this.#useRuleset([]));
    const closed = inputOf("closed");
    closed.addEventListener("change", () => this.#change({ closed: closed.checked }));
    addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) document.body.classList.remove("dropping");
    });
    addEventListener("drop", (event) => {
      document.body.classList.remove("dropping");
      const items = event.dataTransfer?.items;
      if (items === undefined || ![...items].some(({ kind }) => kind === "file")) return;
      event.preventDefault();
      this.#work(this.#drop(items));
    });
  }

  #work(work: Promise<void>): void {
    work.catch((error: unknown) => this.#fault(error instanceof Error ? error.message : String(error)));
  }

  async #drop(items: DataTransferItemList): Promise<void> {
    const files = await droppedFiles(items);
    const [only] = files;
    if (this.#state.view === "bundle") {
      await (await this.#openBundle()).play(files.map(([, file]) => file));
      return;
    }
    const isRuleset = (path: string): boolean => /\.(?:xml|conf|zip|tar|tgz|tar\.gz)$/i.test(path);
    if (files.length === 1 && only !== undefined && !isRuleset(only[0])) this.#runLog(only[1]);
    else await this.#loadRuleset(files);
  }

  async #loadRuleset(files: readonly (readonly [string, File])[]): Promise<void> {
    this.#say("Reading the rule set …");
    const { filesOf } = await import("./archive.js");
    const picked = await filesOf(files);
    if (picked.size === 0) this.#say("There is no rule and no decoder among these files.");
    else this.#useRuleset([...picked]);
  }

  #useRuleset(files: readonly (readonly [string, Uint8Array])[]): void {
    for (const engine of [this.#answers, this.#linter, this.#logs]) engine.say({ kind: "ruleset", files });
  }

  #runLog(file: File): void {
    this.#number += 1;
    this.#log = { name: file.name, id: this.#number, start: performance.now() };
    byId("log-panel").hidden = false;
    this.#chooseView("view-rules");
    this.#logs.say({ kind: "log", id: this.#number, input: this.#input, file, now: this.#now });
  }

  get #input(): PlaygroundInput {
    const { engine, decoders, rules, conf, lines } = this.#state;
    return { engine, decoders, rules, conf, lines };
  }

  get #now(): number {
    return Math.floor(Date.now() / 1000);
  }

  #change(change: Partial<SharedState>): void {
    this.#state = { ...this.#state, ...change };
    this.#everything();
  }

  /** Another state altogether. */
  #set(state: SharedState): void {
    this.#state = state;
    this.#asked = 1;
    this.#showState();
    this.#everything();
  }

  #showState(): void {
    const { engine, view, language, pattern, texts } = this.#state;
    selectOf("engine").value = engine;
    selectOf("pattern-language").value = language;
    inputOf("pattern").value = pattern;
    inputOf("closed").checked = this.#state.closed;
    for (const name of editorNames) this.#editors[name].set(this.#state[name]);
    this.#texts.set(texts);
    const conf = byId("conf-panel");
    if (conf instanceof HTMLDetailsElement && this.#state.conf.trim() !== "") conf.open = true;
    this.#chooseView(`view-${view}`);
  }

  /** Loaded with the first look at it. */
  async #openBundle(): Promise<BundleView> {
    const { BundleView: View } = await import("./bundle-view.js");
    this.#bundle ??= new View(
      byId("view-bundle"),
      (text) => this.#say(text),
      (message) => this.#fault(message),
    );
    return this.#bundle;
  }

  #openView(panel: string): void {
    const view: ViewName = viewNames.find((name) => panel === `view-${name}`) ?? "rules";
    if (view === "bundle") this.#work(this.#openBundle().then(() => undefined));
    if (view === this.#state.view) return;
    this.#state = { ...this.#state, view };
    this.#everything();
  }

  #ask(number: number): void {
    if (number === this.#asked && this.#answer !== null) return;
    this.#asked = number;
    this.#askAnswer();
  }

  #askAnswer(): void {
    this.#number += 1;
    this.#answers.ask({
      kind: "answer",
      id: this.#number,
      input: this.#input,
      asked: this.#asked,
      now: this.#now,
    });
  }

  #everything(): void {
    this.#number += 1;
    const { view, engine } = this.#state;
    if (view === "pattern") {
      const { language, pattern, texts } = this.#state;
      this.#linter.ask({ kind: "pattern", id: this.#number, question: { language, pattern, texts } });
    } else if (view === "rules") {
      this.#askAnswer();
      clearTimeout(this.#lintTimer);
      const [least, most] = lintPauses;
      this.#lintTimer = window.setTimeout(
        () => {
          this.#lintAsked = performance.now();
          this.#linter.ask({
            kind: "lint",
            id: this.#number,
            input: this.#input,
            closed: this.#state.closed,
          });
          this.#logs.ask({ kind: "words", id: this.#number, engine });
        },
        Math.min(Math.max(least, this.#lintTook), most),
      );
    }
    clearTimeout(this.#addressTimer);
    this.#addressTimer = window.setTimeout(() => {
      this.#follow().catch(() => undefined);
    }, addressPause);
  }

  /** The address holds what is on the page, so that it is there again after a reload. */
  async #follow(): Promise<string | null> {
    const state = this.#state;
    const fragment = await fragmentOf(state);
    if (state !== this.#state) return this.#follow();
    if (fragment.length > longestLink) return null;
    // A link that was opened meanwhile: what is on the page must not take its place.
    if (location.hash === this.#hash) {
      history.replaceState(null, "", `#${fragment}`);
      this.#hash = location.hash;
    }
    return location.href;
  }

  async #share(): Promise<void> {
    const link = await this.#follow();
    if (link === null) {
      this.#say("This is too much for a link: it would be cut off on its way.");
      return;
    }
    try {
      await navigator.clipboard.writeText(link);
      this.#say(
        `The link is copied: ${counted(link.length)} characters. All of it is in the link itself; a rule set is not.`,
      );
    } catch {
      this.#say("The link stands in the address bar; this browser does not let a page copy it.");
    }
  }

  #say(text: string): void {
    byId("status").textContent = text;
  }

  #fault(message: string): void {
    this.#say(`This should not have happened: ${message}`);
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case "answer":
        this.#showAnswer(reply.answer, reply.milliseconds);
        return;
      case "lint":
        this.#lintTook = performance.now() - this.#lintAsked;
        this.#linted = reply.of;
        this.#showFindings(reply.findings);
        return;
      case "fix":
        this.#takeFix(reply);
        return;
      case "pattern":
        showPattern(byId("pattern-answer"), reply.answer);
        return;
      case "words":
        this.#words = reply.words;
        return;
      case "ruleset":
        this.#showRuleset(reply);
        return;
      case "log":
        if (reply.id !== this.#log.id) return;
        showLog(
          byId("log"),
          this.#log.name,
          reply.progress,
          (performance.now() - this.#log.start) / 1000,
          () => this.#logs.say({ kind: "stop", id: reply.id }),
        );
        return;
      case "fault":
        this.#fault(reply.message);
    }
  }

  #showAnswer(answer: Answer, milliseconds: number): void {
    this.#answer = answer;
    const { problems, lines, explained, leftOut, rules, decoders } = answer;
    show(
      byId("problems"),
      ...problems
        .slice(0, 8)
        .map(({ place, file, message }) =>
          el(
            "p",
            { class: "bad" },
            "The engine does not start: ",
            place === null
              ? `${file}: `
              : el(
                  "button",
                  { type: "button", class: "link", onclick: () => this.#goTo(place) },
                  `${labels[place.editor]}, line ${place.line}`,
                ),
            ` ${message}`,
          ),
        ),
      leftOut === 0
        ? null
        : el("p", { class: "faint" }, `${several(leftOut, "line")} more: run them as a whole log.`),
    );
    byId("lines").hidden = problems.length > 0;
    this.#lines.show(lines, this.#asked);
    this.#axis.show(lines, this.#asked);
    this.#explanation.show(explained, lines.find(({ number }) => number === this.#asked) ?? null);
    this.#editors.lines.showMarks(
      new Map(
        lines.flatMap((line) =>
          line.kind === "event" || line.kind === "crash" ? [[line.number, lineState(line)]] : [],
        ),
      ),
    );
    byId("alerts").textContent = answer.alerts === "" ? "No alert." : answer.alerts;
    byId("output").textContent = answer.output;
    byId("speed").textContent =
      `${several(rules, "rule")}, ${several(decoders, "decoder")}; answered in ${Math.round(milliseconds)} ms`;
  }

  #showFindings(findings: readonly ShownFinding[]): void {
    for (const name of editorNames)
      this.#editors[name].showFindings(findings.filter(({ editor }) => editor === name));
    byId("findings-count").textContent = findings.length === 0 ? "" : `${findings.length}`;
    showFindings(byId("findings"), findings, {
      goTo: (place) => this.#goTo(place),
      fix: (finding) => this.#fix(finding),
    });
  }

  #showRuleset(reply: Extract<Reply, { readonly kind: "ruleset" }>): void {
    const { family, files, hasConf } = reply;
    byId("ruleset-none").hidden = family === null;
    byId("closed-label").hidden = family !== null;
    const engine = this.#state.engine;
    if (family !== null && (family === "wazuh") !== (engine === "wazuh4")) {
      this.#state = { ...this.#state, engine: family === "wazuh" ? "wazuh4" : "4.3" };
      selectOf("engine").value = this.#state.engine;
    }
    byId("ruleset-state").textContent =
      family === null
        ? "your own rules alone"
        : `${several(files, "file")} of ${family === "wazuh" ? "Wazuh" : "OSSEC"} below your own${
            hasConf || family === "wazuh" ? "" : "; without an ossec.conf the order of the files is guessed"
          }`;
    this.#say(family === null ? "" : "The rule set is loaded; it stays on this machine.");
    this.#everything();
  }

  #goTo({ editor, line }: { readonly editor: EditorName; readonly line: number }): void {
    const conf = byId("conf-panel");
    if (editor === "conf" && conf instanceof HTMLDetailsElement) conf.open = true;
    this.#editors[editor].goTo(line);
  }

  /** What is fixed decides as before, or is left alone; the engine says so. */
  #fix({ fix }: ShownFinding): void {
    if (fix === null || this.#linted === null) return;
    if (!this.#isStill(this.#linted)) {
      this.#say("The texts have changed since; look at the findings once more.");
      return;
    }
    this.#number += 1;
    this.#say(`${fix.title}: being checked …`);
    this.#linter.say({ kind: "fix", id: this.#number, input: this.#linted, edits: fix.edits });
  }

  #isStill(input: PlaygroundInput): boolean {
    return (
      input.engine === this.#state.engine && editorNames.every((name) => input[name] === this.#state[name])
    );
  }

  #takeFix({ of, fixed }: Extract<Reply, { readonly kind: "fix" }>): void {
    if (!this.#isStill(of)) {
      this.#say("The texts have changed since; nothing was fixed.");
      return;
    }
    if (fixed === null) {
      this.#say("Not fixed: with this fix the engine would decide otherwise than now. Change it by hand.");
      return;
    }
    for (const name of editorNames) if (fixed[name] !== of[name]) this.#editors[name].set(fixed[name]);
    const { decoders, rules, conf } = fixed;
    this.#change({ decoders, rules, conf });
    this.#say("Fixed; the engine decides as before.");
  }
}

const fallback: SharedState = {
  ...examples[0].input,
  view: "rules",
  closed: false,
  language: "osregex",
  pattern: "peer (\\d+.\\d+.\\d+.\\d+): (\\w+)",
  texts: "peer 198.51.100.3: rejected\npeer gate.example.org: accepted\n",
};

const page = new Page((await stateOf(location.hash)) ?? fallback);
await page.upgrade();
if ("serviceWorker" in navigator && location.protocol.startsWith("http"))
  await navigator.serviceWorker.register(new URL("./sw.js", location.href)).catch(() => undefined);
