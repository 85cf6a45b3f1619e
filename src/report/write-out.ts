/** Writes to a stream, and waits while it is full; not for a reader that went away. */
export async function writeOut(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === "" || stream.write(text) || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const ends = ["drain", "close", "error"] as const;
    const done = (): void => {
      for (const end of ends) stream.off(end, done);
      resolve();
    };
    // Before those of others: oclif's throws.
    for (const end of ends) stream.prependListener(end, done);
  });
}
