/** The playground as it is served, and pages of a browser on it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the tests build it: once a process, and again by each that comes. */
export const playgroundFolder = join(root, ".build", "playground-site", "playground");

/** Builds the playground alone. */
export function buildPlayground(): void {
  const script = pathToFileURL(join(root, "bin", "site-playground.js")).href;
  const build = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `await (await import(${JSON.stringify(script)})).buildPlayground(${JSON.stringify(playgroundFolder)})`,
    ],
    { encoding: "utf8" },
  );
  if (build.status !== 0) throw new Error(`the playground is not built: ${build.stderr}`);
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

/** Hands out files of a folder; other paths come from `more`. */
export async function serve(
  folder: string,
  more: ReadonlyMap<string, { readonly type: string; readonly body: string | Uint8Array }> = new Map(),
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const other = more.get(path);
    if (other !== undefined) {
      response.writeHead(200, { "content-type": other.type });
      response.end(other.body);
      return;
    }
    const file = join(folder, normalize(path), path.endsWith("/") ? "index.html" : "");
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/`, server };
}

/** A page, and all that must not happen on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, dialogs, and requests beyond the origin. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A browser on what is served. */
export class Visitor {
  readonly #path: string;
  readonly #origin: string;
  #browser: Browser | null = null;

  constructor(path: string, origin: string) {
    this.#path = path;
    this.#origin = origin;
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    this.#browser ??= await chromium.launch({ executablePath: this.#path, args: ["--no-sandbox"] });
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    // A machine may have other things to do.
    page.setDefaultTimeout(90_000);
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
    context.on("request", (request) => {
      if (!request.url().startsWith(this.#origin)) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, complaints, close: () => context.close() };
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}
