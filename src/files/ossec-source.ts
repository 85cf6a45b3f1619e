/** Where the files of an installation come from. The loader itself touches no file system. */

/** A file that is there and cannot be read. */
export interface Unreadable {
  readonly error: string;
}

/** An OSSEC home. Paths are relative to it, with `/`. */
export interface OssecSource {
  /** Bytes of a file; null when it is missing. */
  read(path: string): Uint8Array | null | Unreadable;
  /** Names in a folder; null when it is missing. Needed for rule_dir and decoder_dir only. */
  list?(path: string): readonly string[] | null;
  /** How many files of the host match a pattern of `<localfile>`; null when that is not known. */
  glob?(pattern: string): number | null;
  /** How diagnostics name the file; default: the path itself. */
  display?(path: string): string;
}

/** A source with other contents for some of its files; null: the file is not there. */
export function withFiles(source: OssecSource, files: ReadonlyMap<string, Uint8Array | null>): OssecSource {
  return {
    ...source,
    read(path) {
      const own = files.get(path);
      return own === undefined ? source.read(path) : own;
    },
    list(path) {
      const folder = path.replace(/\/+$/, "");
      const found = source.list?.(path) ?? null;
      const names = new Set(found);
      for (const [file, content] of files) {
        const at = file.lastIndexOf("/");
        if (file.slice(0, at) !== folder) continue;
        if (content === null) names.delete(file.slice(at + 1));
        else names.add(file.slice(at + 1));
      }
      return names.size === 0 ? found : [...names];
    },
  };
}

/** Bytes as a latin1 string. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/**
 * A file name of ossec.conf as a path below the home: a name without `/` is below rules/, an absolute one
 * that begins with the home is mapped, any other is below the home (docs/reference/cli.md#two-layouts). The engine has made the
 * home its root: `..` leads no higher.
 */
export function pathBelowHome(name: string, home: string): string {
  if (!name.includes("/")) return `rules/${name}`;
  const prefix = home.endsWith("/") ? home : `${home}/`;
  const below = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const folders: string[] = [];
  for (const part of below.split("/")) {
    if (part === "..") folders.pop();
    else if (part !== "" && part !== ".") folders.push(part);
  }
  return folders.join("/");
}
