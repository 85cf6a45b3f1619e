/** Debian's Chromium, without a network, for tests of pages. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import * as assert from "uvu/assert";
import { scratchFolder } from "./scratch-folder.js";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/lib/chromium/chromium"];

/** Where Chromium is; null: the tests of a page are skipped. */
export const chromiumPath: string | null =
  [process.env.CHROMIUM ?? "", ...places].find((path) => path !== "" && existsSync(path)) ?? null;

export interface OpenOptions {
  readonly scripts?: boolean;
  readonly dark?: boolean;
  readonly width?: number;
}

/** A page from a file, and all that must not happen on it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, and requests for anything but the file. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** One browser for the tests of a file. */
export class TestBrowser {
  readonly #folder = scratchFolder("page");
  readonly #path: string;
  #browser: Browser | null = null;
  #files = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async open(
    html: string,
    { scripts = true, dark = false, width = 1200 }: OpenOptions = {},
  ): Promise<OpenPage> {
    this.#browser ??= await chromium.launch({ executablePath: this.#path, args: ["--no-sandbox"] });
    this.#files += 1;
    const file = join(this.#folder, `page-${this.#files}.html`);
    writeFileSync(file, html);
    const context = await this.#browser.newContext({
      offline: true,
      javaScriptEnabled: scripts,
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      viewport: { width, height: 900 },
      deviceScaleFactor: 1,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()))
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const url = pathToFileURL(file).href;
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== url) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, complaints, close: () => context.close() };
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}

/** The cells of a table as they are shown. */
export function cellsOf(page: Page, table: string): Promise<readonly (readonly string[])[]> {
  return page
    .locator(`[data-table="${table}"] tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
    );
}

/**
 * Which share of a part's pixels is clearly different from the picture that somebody has looked at; texts, whose faces
 * differ between systems, are not within the parts that are compared. `ZOPF_GOLDEN=write` takes the picture anew.
 *
 * @param style - for the picture alone, within shadow trees as well
 */
export async function differenceFrom(
  golden: string,
  page: Page,
  part: string,
  style?: string,
): Promise<number> {
  const seen = await page
    .locator(part)
    .first()
    .screenshot({ animations: "disabled", ...(style === undefined ? {} : { style }) });
  if (process.env.ZOPF_GOLDEN === "write") writeFileSync(golden, seen);
  const blank = await page.context().newPage();
  const sources = [readFileSync(golden), seen].map(
    (png) => `data:image/png;base64,${png.toString("base64")}`,
  );
  const share: unknown = await blank.evaluate(
    `(async (sources) => {
      const [one, other] = await Promise.all(sources.map(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const { width, height } = image;
        const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
        context.drawImage(image, 0, 0);
        return { width, height, data: context.getImageData(0, 0, width, height).data };
      }));
      if (one.width !== other.width || one.height !== other.height) return 1;
      let different = 0;
      for (let at = 0; at < one.data.length; at += 4)
        if ([0, 1, 2].some((channel) => Math.abs(one.data[at + channel] - other.data[at + channel]) > 48)) different++;
      return (different * 4) / one.data.length;
    })(${JSON.stringify(sources)})`,
  );
  await blank.close();
  assert.ok(typeof share === "number");
  return share;
}

/** What axe-core has against the page. */
export async function accessibilityOf(page: Page, axe: string): Promise<readonly string[]> {
  // As a debugger's code, so that the page's policy holds for everything else.
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`)))",
  );
  assert.ok(Array.isArray(found));
  return found.map(String);
}
