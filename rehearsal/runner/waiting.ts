/** Waits for all, also where one fails, so that nothing runs on behind the one who waits; then rejects with the first error. */
export async function allDone<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** So many may hold a place at once; the others wait in line. Each call resolves with what gives the place back. */
export function semaphore(places: number): () => Promise<() => void> {
  let free = places;
  const queue: (() => void)[] = [];
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
    return () => {
      const next = queue.shift();
      if (next) next();
      else free++;
    };
  };
}

/** The result of the work, or undefined when the signal is or was aborted. */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
