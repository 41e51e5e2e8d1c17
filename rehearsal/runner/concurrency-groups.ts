import { type Change, EMPTY_GROUP, enter, type Group, leave } from "./concurrency.ts";

/** A place in a group's line. */
export interface Place {
  /** Whether the group was free. */
  readonly free: boolean;
  /** Resolves with true when it is this one's turn, with false when it was cancelled while it waited. */
  readonly turn: Promise<boolean>;
  leave(): void;
}

/** The concurrency groups of the repository, shared by workflows and jobs. */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();
  readonly #entries = new Map<string, { turn: (started: boolean) => void; stop: (reason: string) => void }>();
  #last = 0;

  /** Lines up; `stop` is called when a later one cancels this one, waiting or running. */
  enter(
    name: string,
    how: { readonly queue: "single" | "max"; readonly cancelInProgress: boolean },
    stop: (reason: string) => void,
    signal: AbortSignal,
  ): Place {
    const key = name.toLowerCase();
    const id = String(++this.#last);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#entries.set(id, { turn: resolve, stop });
    const abort = (): void => resolve(false);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    const free = (this.#groups.get(key) ?? EMPTY_GROUP).running === undefined;
    this.#apply(key, name, enter(this.#groups.get(key) ?? EMPTY_GROUP, { id, ...how }));
    return {
      free,
      turn: promise,
      leave: () => {
        signal.removeEventListener("abort", abort);
        this.#entries.delete(id);
        this.#apply(key, name, leave(this.#groups.get(key) ?? EMPTY_GROUP, id));
      },
    };
  }

  #apply(key: string, name: string, change: Change): void {
    if (change.group.running === undefined && change.group.pending.length === 0) this.#groups.delete(key);
    else this.#groups.set(key, change.group);
    for (const id of [...change.drop, ...change.cancel]) {
      this.#entries.get(id)?.stop(`Canceling since a higher priority waiting request for '${name}' exists`);
    }
    for (const id of change.drop) this.#entries.get(id)?.turn(false);
    if (change.start !== undefined) this.#entries.get(change.start)?.turn(true);
  }
}
