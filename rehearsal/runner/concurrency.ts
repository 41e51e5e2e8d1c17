/** How a run or job wants to enter a concurrency group. */
export interface Entry {
  readonly id: string;
  readonly cancelInProgress: boolean;
  readonly queue: "single" | "max";
}

/** A concurrency group: who holds it and who waits, first come first served. */
export interface Group {
  readonly running: Entry | undefined;
  readonly pending: readonly Entry[];
}

export const EMPTY_GROUP: Group = { running: undefined, pending: [] };

/** The most that may wait in a group with `queue: max`. */
export const QUEUE_LIMIT = 100;

/** What an entry or an end changes: the group afterwards and which ids start, are cancelled while waiting or while running. */
export interface Change {
  readonly group: Group;
  readonly start: string | undefined;
  readonly drop: readonly string[];
  readonly cancel: readonly string[];
}

/**
 * GitHub's rules for entering a group: free, it starts; else it waits. With `queue: single` it takes the place of
 * those that wait, who are cancelled; with `queue: max` it lines up behind at most 100, beyond which it is itself
 * cancelled. `cancel-in-progress` also cancels the one that runs, and the new one starts when that has ended.
 */
export function enter(group: Group, entry: Entry): Change {
  if (group.running === undefined) {
    return { group: { running: entry, pending: [] }, start: entry.id, drop: [], cancel: [] };
  }
  if (entry.queue === "max") {
    if (group.pending.length >= QUEUE_LIMIT) return { group, start: undefined, drop: [entry.id], cancel: [] };
    return { group: { ...group, pending: [...group.pending, entry] }, start: undefined, drop: [], cancel: [] };
  }
  return {
    group: { ...group, pending: [entry] },
    start: undefined,
    drop: group.pending.map((one) => one.id),
    cancel: entry.cancelInProgress ? [group.running.id] : [],
  };
}

/** Takes an id out of the group, whether it ran or waited; the first that waits starts when the place is free. */
export function leave(group: Group, id: string): Change {
  const pending = group.pending.filter((entry) => entry.id !== id);
  if (group.running?.id !== id) return { group: { ...group, pending }, start: undefined, drop: [], cancel: [] };
  const [next, ...rest] = pending;
  return { group: { running: next, pending: rest }, start: next?.id, drop: [], cancel: [] };
}
