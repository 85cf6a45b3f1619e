#!/usr/bin/env node
// `npm run site`: the documentation and, beside it, the playground, as files that any web server hands out.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPlayground } from "./site-playground.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = resolve(process.argv[2] ?? join(root, "site-dist"));

await buildPlayground(join(target, "playground"));
