import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { addressTexts, random } from "../firewall/generate.js";
import { scratchFolder } from "../scratch-folder.js";

/** What one run of the script did. */
export interface VectorRun {
  /** The argument vector, one UTF-16 unit a byte. */
  readonly args: readonly string[];
  readonly status: string;
  /** Commands that it called, as `[command][argument]`. */
  readonly calls: readonly string[];
  readonly log: readonly string[];
}

const hostile = [
  ...[
    "$(touch pwned)",
    "`id`",
    "; reboot",
    "| reboot",
    ">pwned",
    "&& touch pwned",
    "a\nb",
    "1.2.3.4\n5.6.7.8",
  ],
  ...[
    "\t",
    "1.2.3.4\t",
    "a\\nb",
    "\x1b[2J",
    "%s%n",
    "\xff\xfe",
    "1.2.3.4\xff",
    "-k",
    "--",
    "--flush",
    "'",
    '"',
  ],
  ...["self", "!1.2.3.4", "*", "~", "[!]", "$LOG", "=0", "x".repeat(65_536), `${"1.2.3.4 ".repeat(8192)}`],
];

/** Argument vectors as execd, a hostile log, or a slip of the hand could give them. */
export function vectors(count: number, seed: number, ascii: boolean): readonly (readonly string[])[] {
  const next = random(seed);
  const texts = addressTexts(count * 2, seed).map((text) => Buffer.from(text, "utf8").toString("latin1"));
  const fit = (text: string): string => (ascii ? text.replace(/[^\n\t -~]/g, "?") : text);
  const odd = (): string => hostile[next(hostile.length)] ?? "";
  return Array.from({ length: count }, (_, index) => {
    const action =
      next(16) === 0
        ? (["", "add ", "ADD", "-k", "add\n", "x"][next(6)] ?? "")
        : next(3) === 0
          ? "delete"
          : "add";
    const address = next(8) === 0 ? odd() : (texts[2 * index] ?? "");
    const other = (): string => (next(3) === 0 ? odd() : "100500");
    const rest =
      next(4) === 0 ? [texts[2 * index + 1] ?? "", other(), other()] : [other(), other(), other(), other()];
    return [action, other(), address, ...rest.slice(0, next(rest.length + 1))].map(fit);
  });
}

// Firewall commands as functions: they say what the real ones say once the script's change has been made.
const commands = `
record() {
  for argument; do printf '[%s]' "$argument"; done
  printf '\\n'
} >>"$calls"
pfctl() {
  record pfctl "$@"
  case "\${4-} $action" in 'test delete') return 2 ;; esac
}
ipfw() {
  record ipfw "$@"
  case "\${3-} $action" in 'lookup delete') return 1 ;; esac
}
nft() {
  record nft "$@"
  case "$1 $action" in 'get delete') printf 'No such file or directory\\n' >&2 && return 1 ;; esac
}
ipset() {
  record ipset "$@"
  case "$1 $action" in 'test delete') return 1 ;; esac
}
ip() {
  record ip "$@"
  case "\${3-} $action" in
  del*) return 2 ;;
  'show add') printf 'blackhole x proto 177 metric 1800000000 \\n' ;;
  esac
}
conntrack() {
  record conntrack "$@"
  return 1
}
for canary in touch id reboot; do eval "$canary() { record EXECUTED $canary; }"; done
date() {
  case $1 in +*) printf '1800000000\\n' ;; *) printf '2026-11-22T00:00:00Z\\n' ;; esac
}
vector() {
  ( . "$script" ) 2>/dev/null
  printf '=%s\\n' "$?" >>"$calls"
  printf '=\\n' >>"$log"
}
`;

// A tr of the shell's own: most of a run's time would go into starting the other.
const tr = `
tr() {
  text='' out=''
  IFS= read -r text || :
  while [ -n "$text" ]; do
    rest=\${text#?}
    one=\${text%"$rest"}
    case $one in
    [A-Za-z0-9.:/@+-]) out=$out$one ;;
    *) out=\${out}_ ;;
    esac
    text=$rest
    if [ -z "$text" ] && IFS= read -r text; then out=\${out}_; fi
  done
  printf %s "$out"
}
`;

/** Runs the whole script, unchanged but for its paths, once for each vector in a subshell of one shell. */
export function runVectors(
  shell: readonly string[],
  content: string,
  list: readonly (readonly string[])[],
  ownTr: boolean,
): readonly VectorRun[] {
  const folder = scratchFolder("vectors");
  try {
    const at = (name: string): string => path.join(folder, name);
    for (const name of ["bin", "empty"]) mkdirSync(at(name));
    for (const name of ["calls", "log"]) writeFileSync(at(name), "");
    // Nothing else can be started. (posh and mksh have no printf of their own.)
    for (const tool of ["tr", "awk", "sed", "mkdir", "rm", "rmdir", "printf"]) {
      const found = ["/usr/bin", "/bin"].find((place) => existsSync(path.join(place, tool)));
      if (found !== undefined) symlinkSync(path.join(found, tool), path.join(at("bin"), tool));
    }
    writeFileSync(
      at("script"),
      content
        .replace(/^PATH=.*$/m, `PATH='${at("bin")}'`)
        .replace(/^LOG=.*$/m, `LOG='${at("log")}'`)
        .replace(/^HELD=.*$/m, `HELD='${at("held")}'`),
    );
    const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
    const paths = ["calls", "log", "script"].map((name) => `${name}='${at(name)}'\n`).join("");
    const calls = list.map((args) => `vector ${args.map(quoted).join(" ")}\n`).join("");
    writeFileSync(at("run"), `LC_ALL=C\n${paths}${commands}${ownTr ? tr : ""}${calls}`, "latin1");
    const [program = "", ...rest] = [...shell, at("run")];
    const done = spawnSync(program, rest, {
      cwd: at("empty"),
      env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
      encoding: "latin1",
      timeout: 600_000,
    });
    const litter = readdirSync(at("empty"));
    if (done.status !== 0 || done.stdout !== "" || litter.length > 0)
      throw new Error(`status ${done.status}, ${done.stdout}${done.stderr}, files: ${litter.join(" ")}`);
    const parts = (name: string, end: RegExp): readonly (readonly string[])[] => {
      const found: string[][] = [[]];
      for (const line of readFileSync(at(name), "latin1").split("\n").slice(0, -1)) {
        found.at(-1)?.push(line);
        if (end.test(line)) found.push([]);
      }
      return found.slice(0, -1);
    };
    const made = parts("calls", /^=\d+$/);
    const told = parts("log", /^=$/);
    if (made.length !== list.length || told.length !== list.length)
      throw new Error(`${list.length} vectors, ${made.length} ends of calls, ${told.length} of the log`);
    return list.map((args, index) => ({
      args,
      status: (made[index] ?? []).at(-1)?.slice(1) ?? "",
      calls: (made[index] ?? []).slice(0, -1),
      log: (told[index] ?? []).slice(0, -1),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
