import { setTimeout as delay } from "node:timers/promises";
import Bottleneck from "bottleneck/light.js";

type Task<A extends unknown[], T> = (...of: A) => T | Promise<T>;
type Failed = (error: unknown, info: { args: readonly unknown[]; retryCount: number }) => unknown;

class Unlimited {
  key() {
    return {
      schedule: async <A extends unknown[], T>(_: object, task: Task<A, T>, ...of: A): Promise<T> => task(...of),
    };
  }
}

/**
 * What the throttling plugin asks of its queues, without queueing. The plugin spreads the calls of programs that make
 * thousands; a job makes a handful, of which each would spend about 15 ms in timers. The other half of the plugin stays:
 * waiting as GitHub asks, and asking again.
 */
class UnqueuedLimiter {
  static readonly Group = Unlimited;
  static readonly Events = Bottleneck.Events;
  #failed: Failed | undefined;

  /** The plugin has one kind of listener: it is told of a failure, and answers milliseconds to wait for another try, or nothing. */
  on(_: "failed", listener: Failed): void {
    this.#failed = listener;
  }

  async schedule<A extends unknown[], T>(task: Task<A, T>, ...of: A): Promise<T> {
    for (let retryCount = 0; ; retryCount++) {
      try {
        return await task(...of);
      } catch (error) {
        const wait = await this.#failed?.(error, { args: of, retryCount });
        if (typeof wait !== "number") throw error;
        await delay(wait);
      }
    }
  }
}

export const Unqueued = UnqueuedLimiter as unknown as typeof Bottleneck;

/**
 * The retry plugin takes no other queue than Bottleneck's own, which lets other work go first by timers of a millisecond,
 * several for each call. The event loop's next turn does that as well.
 */
function yieldWithoutTimers(): void {
  const store = Object.getPrototypeOf((new Bottleneck() as unknown as { _store: object })._store);
  if (typeof store.yieldLoop !== "function") throw new Error("this version of Bottleneck yields in another way");
  store.yieldLoop = () => new Promise((resolve) => setImmediate(resolve));
}

yieldWithoutTimers();
