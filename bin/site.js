#!/usr/bin/env node
// `npm run site [-- FOLDER]`: the documentation and, beside it, the playground, as files that any web server hands out.
// Fails on a link that leads nowhere.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPlayground, buildServiceWorker, filesBelow } from "./site-playground.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = resolve(process.argv[2] ?? join(root, "site-dist"));
const staging = join(root, ".build", "site-docs");
const { homepage } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

spawnSync(process.execPath, [join(root, "bin", "build.js"), "--if-needed"], { stdio: "inherit" });
const load = (path) => import(pathToFileURL(join(root, "dist", path)).href);

/** The page's own way to put a state into an address. */
async function shareModule() {
  const outfile = join(root, ".build", "share.mjs");
  const entryPoints = [join(root, "site", "playground", "core", "share.ts")];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", logLevel: "error" });
  return import(pathToFileURL(outfile).href);
}

/** Code as it stands: VitePress would take its braces for a template's. */
const fence = (language, text) => `~~~${language}\n${text.trimEnd()}\n~~~\n`;

/** Citations of a rule as links of its page. */
function linkedReference(reference) {
  let file = "";
  return reference.replaceAll(/(?:docs\/(reference\/[a-z]+\.md))?(#[a-z0-9_-]+)/g, (_, named, anchor) => {
    file = named ?? file;
    return `[${named === undefined ? anchor : `${named}${anchor}`}](../${file}${anchor})`;
  });
}

/** A page for every rule of the linter, with its examples in the playground. */
async function writeRules() {
  const { rules } = await load("lint/rules/index.js");
  const { exampleFiles, withoutMarks } = await load("lint/docs.js");
  const { severityOf } = await load("lint/model.js");
  const { fragmentOf } = await shareModule();
  const { lintFiles } = await load("lint/lint.js");
  mkdirSync(join(staging, "lint"), { recursive: true });

  const engineOf = ({ dialects, engines = [] }) =>
    dialects?.[0] === "wazuh" ? "wazuh4" : (engines.find((name) => /^\d/.test(name)) ?? "4.3");
  const editors = {
    "local_decoder.xml": "decoders",
    "local_rules.xml": "rules",
    "ossec.conf": "conf",
    "sample.log": "lines",
  };
  /** Some is said of whole homes only, which the playground's files are none of. */
  function isShown({ code }, files, engine) {
    const isLog = (name) => name.endsWith(".log");
    const kinds = { "local_decoder.xml": "decoders", "local_rules.xml": "rules", "ossec.conf": "conf" };
    const { findings } = lintFiles(
      files.flatMap(([path, text]) =>
        isLog(path) ? [] : [{ path, kind: kinds[path], bytes: Buffer.from(text) }],
      ),
      {
        engine: engine === "wazuh4" ? "4.3" : engine,
        dialect: engine === "wazuh4" ? "wazuh" : "ossec",
        closed: true,
        order: null,
        glob: null,
        notes: true,
        logs: files.flatMap(([file, text]) =>
          isLog(file) ? [{ file, lines: text.trimEnd().split("\n") }] : [],
        ),
      },
    );
    return findings.some((finding) => finding.code === code);
  }
  async function example(rule, title, given) {
    const files = exampleFiles(given).map(([name, text]) => [name, withoutMarks(text)]);
    const state = {
      engine: engineOf(rule),
      view: "rules",
      closed: true,
      decoders: "",
      rules: "",
      conf: "",
      lines: "",
      language: "osregex",
      pattern: "",
      texts: "",
    };
    for (const [name, text] of files) state[editors[name]] = text;
    const link = `/playground/index.html#${await fragmentOf(state)}`;
    const shown = files.map(
      ([name, text]) =>
        `\`${name}\`\n\n${fence(name.endsWith(".log") ? "text" : "xml", text.replaceAll("\t", "⇥"))}`,
    );
    const opened =
      given === rule.bad && !isShown(rule, files, state.engine)
        ? "Said of a whole home only: `zopf lint /var/ossec`."
        : `[Open it in the playground](${link}){target="_self"}`;
    return `## ${title}\n\n${shown.join("\n")}\n${opened}\n`;
  }
  for (const rule of rules) {
    const facts = [
      `**Effect** ${rule.effect}`,
      `**severity** ${severityOf(rule)}`,
      `**engines** ${(rule.engines ?? rule.dialects ?? ["ossec"]).join(", ")}`,
      ...(rule.trap === undefined ? [] : [`**trap** ${rule.trap}`]),
      ...(rule.note === true ? ["a note: with `--notes`, or where your rules are all there is"] : []),
      ...(rule.needsLogs === true ? ["needs `--logs`"] : []),
      ...(rule.fixed === undefined ? [] : ["fixed by `--fix`"]),
    ];
    const parts = [
      `# ${rule.code}\n\n${rule.title}.\n\n${facts.join(" · ")}\n\n${rule.why}\n`,
      rule.instead === undefined ? "" : `**Instead.** ${rule.instead}\n`,
      await example(rule, "Bad", rule.bad),
      rule.fixed === undefined ? "" : await example(rule, "After --fix", rule.fixed),
      await example(rule, "Good", rule.good),
      `Known from: ${linkedReference(rule.reference)}\n\n[All rules](../lint.md)\n`,
    ];
    writeFileSync(
      join(staging, "lint", `${rule.code.toLowerCase()}.md`),
      parts.filter((part) => part !== "").join("\n"),
    );
  }
  return new Set(rules.map(({ code }) => code.toLowerCase()));
}

/** What is a page of its own here, or lies in the repository. */
function linked(text, path, codes) {
  const folder = dirname(path);
  return text.replaceAll(/\]\(([^)\s]+)\)/g, (whole, link) => {
    if (/^[a-z]+:|^#$/.test(link)) return whole;
    const [file, anchor] = link.split("#");
    if (
      anchor !== undefined &&
      (file === "lint.md" || (file === "" && path === "lint.md")) &&
      codes.has(anchor)
    )
      return `](${relative(folder, join("lint", `${anchor}.md`))})`;
    const place = file === "" ? path : join(folder, file);
    if (!place.startsWith("..")) return whole;
    // Sources, examples and the like are read where the project lives.
    const source = join("docs", place);
    if (!existsSync(join(root, source))) throw new Error(`docs/${path}: the link ${link} leads nowhere`);
    const kind = statSync(join(root, source)).isDirectory() ? "tree" : "blob";
    return `](${homepage}/${kind}/main/${source}${anchor === undefined ? "" : `#${anchor}`})`;
  });
}

/** Fenced code stays as it is. */
function outsideCode(text, change) {
  return text
    .split(/^((?:```|~~~)[\s\S]*?^(?:```|~~~)\s*$)/m)
    .map((part, at) => (at % 2 === 1 ? part : change(part)))
    .join("");
}

/** docs/lint.md holds every rule; here each has a page. */
const withoutSections = (text) => text.replace(/^### [\s\S]*?(?=^## |$(?![\s\S]))/gm, "");

function writePages(codes) {
  const docs = join(root, "docs");
  const pages = readdirSync(docs, { recursive: true })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".md"));
  for (const path of pages) {
    const text = readFileSync(join(docs, path), "utf8");
    const own = path === "lint.md" ? withoutSections(text) : text;
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    const whole = outsideCode(own, (part) => linked(part, path, codes));
    // Nobody marks up Zeek's language.
    writeFileSync(join(staging, path), whole.replaceAll(/^( *(?:```|~~~))zeek$/gm, "$1text"));
  }
  cpSync(join(root, "site", "docs", "index.md"), join(staging, "index.md"));
}

/** Every link of every page to something of the site: VitePress looks at pages, and not where in them. */
function deadLinks() {
  const pages = new Map(
    filesBelow(target)
      .filter((name) => name.endsWith(".html"))
      .map((name) => {
        const html = readFileSync(join(target, name), "utf8");
        const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
        return [
          name,
          { ids, links: new Set([...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, link]) => link)) },
        ];
      }),
  );
  const dead = [];
  for (const [name, { links }] of pages)
    for (const link of links) {
      if (/^[a-z]+:/.test(link)) continue;
      const { pathname, hash } = new URL(link.replaceAll("&amp;", "&"), `http://site/${name}`);
      const place = decodeURIComponent(pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
      const page = pages.get(place);
      const isPlayground = place.startsWith("playground/");
      if (
        page === undefined
          ? !existsSync(join(target, place))
          : !isPlayground && hash !== "" && !page.ids.has(decodeURIComponent(hash.slice(1)))
      )
        dead.push(`${name}: ${link}`);
    }
  return dead;
}

rmSync(staging, { recursive: true, force: true });
mkdirSync(join(staging, ".vitepress"), { recursive: true });
cpSync(join(root, "site", "docs", "config.mjs"), join(staging, ".vitepress", "config.mjs"));
cpSync(join(root, "site", "docs", "theme"), join(staging, ".vitepress", "theme"), { recursive: true });
writePages(await writeRules());

const require = createRequire(import.meta.url);
const vitepress = join(dirname(require.resolve("vitepress/package.json")), "bin", "vitepress.js");
const built = spawnSync(process.execPath, [vitepress, "build", staging, "--outDir", target], {
  stdio: "inherit",
});
if (built.status !== 0) process.exit(built.status ?? 1);
// The playground has one of its own.
await buildServiceWorker(
  target,
  "docs",
  filesBelow(target).filter((path) => path !== "sw.js" && !path.startsWith("playground/")),
);
await buildPlayground(join(target, "playground"));
const dead = deadLinks();
if (dead.length > 0) {
  process.stderr.write(`links that lead nowhere:\n${dead.join("\n")}\n`);
  process.exit(1);
}
process.stdout.write(`${relative(process.cwd(), target) || target}: the site; any web server hands it out\n`);
