// Runs test files one after the other in one process: what they have in common is loaded, and compiled by V8, once.
// The parent names a file; its output and its status go back. What a file changes of the process is put back.
import { pathToFileURL } from "node:url";

const directory = process.cwd();
const environment = { ...process.env };

function restore() {
  process.chdir(directory);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.exitCode = undefined;
}

/** Everything that a run writes, in its order. */
function captureOutput() {
  const pieces = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  for (const stream of streams)
    stream.write = (piece, ...rest) => {
      pieces.push(typeof piece === "string" ? piece : Buffer.from(piece).toString());
      rest.find((one) => typeof one === "function")?.();
      return true;
    };
  return () => {
    for (const [index, stream] of streams.entries()) stream.write = writes[index];
    return pieces.join("");
  };
}

// uvu runs what was queued when it is asked to, not by itself.
globalThis.UVU_DEFER = 1;
globalThis.UVU_QUEUE = [];
globalThis.UVU_INDEX = 0;
const { exec } = await import("uvu");
await import(pathToFileURL(`${directory}/.build/test/seed.js`).href);

process.on("message", async (file) => {
  const output = captureOutput();
  let status = 0;
  try {
    globalThis.UVU_QUEUE = [[null]];
    await import(pathToFileURL(file).href);
    await exec();
    status = Number(process.exitCode ?? 0);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.stack : error}\n`);
    status = 1;
  }
  restore();
  process.send({ status, text: output() });
});
process.send("ready");
