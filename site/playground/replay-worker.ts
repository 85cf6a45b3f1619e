/** Replays compiled bundles, off the page's own thread. */
import { type CompiledFile, readCompiled } from "./core/bundle.js";
import type { ReplayReply, ReplayRequest, ShownBundle } from "./core/messages.js";
import { runReplay } from "./core/replay-run.js";
import { giveFile } from "./edge/files.js";

/** Of package.json; bin/site-playground.js writes it. */
declare const zopfVersion: string;

const say = (reply: ReplayReply): void => postMessage(reply);
let bundle: CompiledFile | null = null;
/** The replay that runs; -1: none is wanted. */
let running = -1;

addEventListener("message", ({ data }: MessageEvent<ReplayRequest>) => {
  handle(data).catch((error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say({ kind: "fault", id: data.id, message });
  });
});

async function handle(request: ReplayRequest): Promise<void> {
  const { id } = request;
  switch (request.kind) {
    case "stop":
      running = -1;
      return;
    case "bundle": {
      const read = readCompiled(request.text, zopfVersion);
      if (!read.ok) {
        say({ kind: "refused", id, reason: read.reason });
        return;
      }
      bundle = read.value;
      say({ kind: "bundle", id, bundle: shownOf(bundle) });
      return;
    }
    case "replay": {
      const host = bundle?.hosts[request.host];
      if (host === undefined) {
        say({ kind: "refused", id, reason: "there is no bundle to play" });
        return;
      }
      running = id;
      const files = [...request.zeek, ...request.syslog];
      for (const file of files) giveFile(file.name, file);
      const names = (some: readonly File[]): readonly string[] => some.map(({ name }) => name);
      const size = files.reduce((sum, file) => sum + file.size, 0);
      await runReplay(host, names(request.zeek), names(request.syslog), size, {
        tell: (progress) => say({ kind: "replay", id, progress }),
        stopped: () => running !== id,
        clock: () => performance.now(),
      });
    }
  }
}

const shownOf = ({ hosts }: CompiledFile): ShownBundle => ({
  hosts: hosts.map(({ model, files }) => ({
    name: model.host?.name ?? model.name,
    detections: model.detections.map(({ name, kind }) => ({ name, kind })),
    files: files.map(({ path, target, content }) => ({ path, target, content })),
  })),
});
