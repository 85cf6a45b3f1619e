import { noPaint, type Paint } from "../report/diagnostics-text.js";

/** Colours on a terminal, unless `NO_COLOR` is set. */
export async function paintFor(stream: NodeJS.WriteStream): Promise<Paint> {
  if (!stream.isTTY || (process.env.NO_COLOR ?? "") !== "") return noPaint;
  const colors = (await import("picocolors")).default.createColors(true);
  return {
    error: colors.red,
    warning: colors.yellow,
    info: colors.cyan,
    dim: colors.dim,
    bold: colors.bold,
  };
}
