/** One request of the load: a method on an object, perhaps for a part of it. */
export interface LoadRequest {
  readonly method: "GET" | "PUT";
  readonly key: string;
  readonly range?: string;
}

/** Who sends the requests: customers in production, a script in the lab. */
export type Traffic = "production" | "synthetic";

/** A generator of numbers from 0 up to 1 that repeats itself for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const OBJECTS = 16;

/** Bytes of each object that the load writes. */
export const OBJECT_BYTES = 2048;

/**
 * The next request. Customers resume broken downloads: 5% of what they ask for is the rest of an object from some byte
 * on. The lab's script never does, and that is the whole difference: what only a customer asks for, only 1-box sees.
 */
export function nextRequest(traffic: Traffic, random: () => number): LoadRequest {
  const kind = random();
  const key = `object-${Math.floor(random() * OBJECTS)}`;
  if (kind < 0.1) return { method: "PUT", key };
  if (traffic === "production" && kind >= 0.95) {
    return { method: "GET", key, range: `bytes=${1 + Math.floor(random() * (OBJECT_BYTES - 1))}-` };
  }
  return { method: "GET", key };
}
