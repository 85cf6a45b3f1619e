// The documentation as a site: VitePress, with a search whose index is a file of the site. bin/site.js puts the pages beside
// this file; what is written there is docs/*.md and the linter's rules.
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

/** The id that GitHub gives a heading. */
const headingId = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const page = (text, link) => ({ text, link: `/${link}` });

const sidebar = [
  {
    text: "Begin",
    items: [
      page("The first block", "first-block"),
      page("0 notices, why?", "why-nothing-happened"),
      page("Your editor", "editor"),
      page("The playground", "playground"),
      page("Beside other ways", "comparison"),
    ],
  },
  {
    text: "Write",
    items: [
      page("The bundle", "bundle"),
      page("Detections: the catalogue", "detections"),
      page("Services: the catalogue", "services"),
      page("Log lines and bursts", "logs"),
      page("Rules and lists", "rules"),
      page("Expressions", "expressions"),
      page("Who can forge what", "forging"),
      page("Responses", "responses"),
      page("Notifications", "notifications"),
      page("Packet filters", "firewalls"),
      page("Wazuh", "wazuh"),
    ],
  },
  {
    text: "Run",
    items: [
      page("Operating it", "operating"),
      page("Cases", "cases"),
      page("Tune", "tune"),
      page("The report", "report"),
      page("Archive and hunt", "hunt"),
      page("What is emitted", "output"),
      page("Deploy and diff", "deploy"),
      page("CI", "ci"),
      page("logtest of Wazuh", "wazuh-logtest"),
      page("JSON", "json"),
    ],
  },
  {
    text: "Rules that are there",
    items: [page("The linter", "lint"), page("Import", "import"), page("OSSEC's own rules", "stock-ruleset")],
  },
  {
    text: "Reference",
    items: [
      page("OSSEC", "reference/ossec"),
      page("Wazuh", "reference/wazuh"),
      page("Zeek", "reference/zeek"),
      page("Packet filters", "reference/firewall"),
      page("One chain that was run", "reference/chain"),
      page("The command line", "reference/cli"),
      page("Architecture", "architecture"),
    ],
  },
];

/** Pages that nobody has put anywhere yet. */
const named = new Set(sidebar.flatMap(({ items }) => items.map(({ link }) => link)));
const others = readdirSync(new URL("..", import.meta.url))
  .filter((name) => name.endsWith(".md") && name !== "index.md" && !named.has(`/${name.slice(0, -3)}`))
  .map((name) => {
    const [, title = name] =
      /^# (.+)$/m.exec(readFileSync(new URL(`../${name}`, import.meta.url), "utf8")) ?? [];
    return page(title, name.slice(0, -3));
  });
if (others.length > 0) sidebar.push({ text: "More", items: others });

/** Pages and playground, kept for later. Whoever pays by the byte gets what is read, and no more. */
const keepForLater = `if ("serviceWorker" in navigator && location.protocol.startsWith("http") && !navigator.connection?.saveData) addEventListener("load", () => { for (const path of ["/sw.js", "/playground/sw.js"]) navigator.serviceWorker.register(path).catch(() => undefined); });`;

export default defineConfig({
  title: "zopf",
  description:
    "Zeek detects, OSSEC or Wazuh decides, the packet filter blocks: typed, built and proven by zopf.",
  lang: "en",
  cleanUrls: false,
  // The playground is put beside the pages after they are built.
  ignoreDeadLinks: [/\/playground\/index/],
  markdown: {
    html: false,
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // Links of docs/ are written for GitHub's headings.
    anchor: { slugify: headingId },
  },
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  head: [
    ["link", { rel: "icon", href: "data:," }],
    ["script", {}, keepForLater],
  ],
  themeConfig: {
    search: { provider: "local", options: { detailedView: false } },
    nav: [
      page("The first block", "first-block"),
      page("Bundle", "bundle"),
      page("Linter", "lint"),
      { text: "Playground", link: "/playground/index.html", target: "_self" },
    ],
    outline: [2, 3],
    sidebar,
    footer: { message: "MIT licence. OSSEC, Wazuh, Zeek and their marks are their owners'." },
  },
});
