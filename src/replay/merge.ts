/**
 * Merges sources that are each in time order into one, reading no further ahead than one item a source.
 * Ties keep the order of the sources.
 */
export async function* mergeByTime<T extends { readonly time: number }>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<T> {
  const open = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads: (T | null)[] = [];
    for (const source of open) heads.push(await nextOf(source));
    for (;;) {
      let first = -1;
      for (let index = 0; index < heads.length; index += 1) {
        const head = heads[index];
        const best = heads[first];
        if (
          head !== null &&
          head !== undefined &&
          (best === null || best === undefined || head.time < best.time)
        )
          first = index;
      }
      const item = heads[first];
      const source = open[first];
      if (item === null || item === undefined || source === undefined) return;
      heads[first] = await nextOf(source);
      yield item;
    }
  } finally {
    for (const source of open) await source.return?.(undefined);
  }
}

async function nextOf<T>(source: AsyncIterator<T>): Promise<T | null> {
  const result = await source.next();
  return result.done === true ? null : result.value;
}
