import type { Clock } from "../../src/platform/clock.ts";
import type { RateLimits, Tokens } from "./access.ts";
import type { GitRepository } from "./git/repository.ts";
import type { PendingReview, RunRequest } from "./ports.ts";
import type { Records } from "./state/records.ts";

/** A list of listeners. */
export class Signal<Arguments extends readonly unknown[]> {
  readonly #listeners = new Set<(...values: Arguments) => void>();

  /** Returns a function that unsubscribes. */
  on(listener: (...values: Arguments) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(...values: Arguments): void {
    for (const listener of [...this.#listeners]) listener(...values);
  }
}

/** What the embedded GitHub tells the workflow runner and its administrator. */
export interface Signals {
  readonly dispatch: Signal<[RunRequest]>;
  readonly cancel: Signal<[number]>;
  readonly rerun: Signal<[number, boolean]>;
  readonly pendingReview: Signal<[PendingReview]>;
  /** A decision about a run's environment was made, or its pending jobs changed. */
  readonly review: Signal<[]>;
}

/** Everything that routes, resolvers and services work on. */
export interface World {
  /** The REST root, without a slash at the end. */
  readonly root: string;
  readonly owner: string;
  readonly name: string;
  readonly repositoryId: number;
  readonly defaultBranch: string;
  readonly clock: Clock;
  readonly records: Records;
  readonly git: GitRepository;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly signals: Signals;
}

/** The API address of something in the repository. */
export function apiUrl(world: World, path = ""): string {
  return `${world.root}/repos/${world.owner}/${world.name}${path}`;
}

/** The address of a page for people. */
export function pageUrl(world: World, path = ""): string {
  return `${world.root}/${world.owner}/${world.name}${path}`;
}
