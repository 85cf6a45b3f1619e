import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { scratchFolder } from "../scratch-folder.js";

/** Shells of the systems that run the scripts, as argument lists; those that are not installed are left out. */
export const shells: readonly (readonly string[])[] = [
  ["dash"],
  ["busybox", "sh"],
  ["bash", "--posix"],
  ["mksh"],
  ["yash"],
  ["posh"],
  ["ksh93"],
].filter(([program = ""]) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0);

const stubs = fileURLToPath(new URL("stubs/", import.meta.url));

/** A folder with stub firewalls and a script that finds them: only its PATH and LOG lines are changed. */
export interface Sandbox {
  readonly folder: string;
  readonly script: string;
  run(shell: readonly string[], args: readonly string[], input?: SandboxRun): SandboxResult;
  /** Argument lists of the firewall commands since the last call of `calls`, `[a][b]`. */
  calls(): readonly string[];
  /** Lines of the log since the last call of `log`. */
  log(): readonly string[];
  write(name: string, text: string): void;
  read(name: string): string;
  has(name: string): boolean;
  remove(): void;
}

export interface SandboxRun {
  /** Shell text that runs the script as `"$@"`, for closed file descriptors and the like. */
  readonly wrap?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input, latin1. */
  readonly input?: string;
}

export interface SandboxResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Registers one check a shell, each with a fresh sandbox. */
export function inEveryShell(
  test: (name: string, check: () => void) => void,
  name: string,
  content: string,
  check: (box: Sandbox, run: (...args: readonly string[]) => number | null, shell: readonly string[]) => void,
): void {
  for (const shell of shells)
    test(`${name}: ${shell[0]}`, () => {
      const box = sandbox(content);
      try {
        check(box, (...args) => box.run(shell, args).status, shell);
      } finally {
        box.remove();
      }
    });
}

export function sandbox(content: string): Sandbox {
  const folder = scratchFolder("script");
  for (const stub of readdirSync(stubs)) {
    copyFileSync(path.join(stubs, stub), path.join(folder, stub));
    chmodSync(path.join(folder, stub), 0o755);
  }
  for (const file of ["calls", "log", "states", "rules", "ipfw-rules"])
    writeFileSync(path.join(folder, file), "");
  const script = path.join(folder, "script.sh");
  const changed = content
    .replace(/^PATH=.*$/m, `PATH='${folder}':/bin:/usr/bin`)
    .replace(/^LOG=.*$/m, `LOG='${path.join(folder, "log")}'`)
    .replace(/^HELD=.*$/m, `HELD='${path.join(folder, "held")}'`);
  writeFileSync(script, changed, { mode: 0o755 });
  mkdirSync(path.join(folder, "tables"));
  mkdirSync(path.join(folder, "ipfw-tables"));
  const take = (name: string): readonly string[] => {
    const file = path.join(folder, name);
    const lines = readFileSync(file, "latin1").split("\n").slice(0, -1);
    writeFileSync(file, "");
    return lines;
  };
  return {
    folder,
    script,
    run: (shell, args, { wrap, env = {}, input } = {}) => {
      const command = [...shell, script, ...args];
      const [program = "", ...rest] = wrap === undefined ? command : ["dash", "-c", wrap, "dash", ...command];
      const done = spawnSync(program, rest, {
        cwd: "/",
        env: { PATH: "/bin:/usr/bin", ...env },
        encoding: "latin1",
        ...(input === undefined ? {} : { input: Buffer.from(input, "latin1") }),
      });
      return { status: done.status, stdout: done.stdout, stderr: done.stderr };
    },
    calls: () => take("calls"),
    log: () => take("log"),
    write: (name, text) => writeFileSync(path.join(folder, name), text),
    read: (name) => readFileSync(path.join(folder, name), "utf8"),
    has: (name) => existsSync(path.join(folder, name)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
