import type { Check } from "../pipeline/model.ts";
import { namesIn } from "../pipeline/text.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import type { Observation } from "./observation.ts";
import { inParallel } from "./parallel.ts";
import { placeOf } from "./place.ts";
import type { EvidencePorts, Look, Place, Reader, ReaderKind, Reading, Scope } from "./reader.ts";
import { readers as allReaders } from "./readers.ts";
import { masker } from "./secrets.ts";

/** Reads the checks of one gate or bake, look after look. */
export interface Observer {
  /**
   * Reads every check in every place, at most a few at once. `since` is when the deploy finished, `until` is now, in
   * milliseconds since the epoch. A check that cannot be read is an observation that says so, never a throw. One
   * observation for each check and place, in the order of the checks and then the targets.
   */
  look(since: number, until: number): Promise<readonly Observation[]>;
  close(): Promise<void>;
}

const AT_ONCE = 8;
const LONGEST_REASON = 500;

/**
 * An observer for the checks in the scope. A check whose texts name a target is read once for each target of the stage,
 * any other once for the stage.
 * @throws ConfigurationError naming every check that nothing can read, or that names a target in a stage without any.
 */
export function createObserver(
  checks: readonly Check[],
  scope: Scope,
  ports: EvidencePorts,
  readers: readonly ReaderKind[] = allReaders,
): Observer {
  const mistakes: string[] = [];
  const posts = checks.flatMap((check): Post[] => {
    const kind = readers.find((candidate) => candidate.accepts(check));
    if (!kind) {
      mistakes.push(
        `${check.name}: reading ${"source" in check ? `a ${check.source.kind} source` : check.kind} is not supported yet`,
      );
      return [];
    }
    const perTarget = kind.perTarget(check);
    if (perTarget && scope.targets.length === 0) {
      mistakes.push(
        `${check.name}: it names a target, and this stage has none: give the stage targets, or write the address`,
      );
      return [];
    }
    const places = perTarget ? scope.targets.map((target) => placeOf(scope, target)) : [placeOf(scope)];
    return places.map((place) => new Post(check, kind, place, ports));
  });
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join("\n"));

  return {
    async look(since, until) {
      const shared = new Map<string, Promise<unknown>>();
      const look: Look = {
        since,
        until,
        once<T>(key: string, make: () => Promise<T>) {
          const known = shared.get(key) ?? make();
          shared.set(key, known);
          return known as Promise<T>;
        },
      };
      return await inParallel(posts, AT_ONCE, (post) => post.observe(look));
    },
    async close() {
      await Promise.allSettled(posts.map((post) => post.close()));
    },
  };
}

/** One check in one place. Its reader is opened at the first look and kept. */
class Post {
  readonly #check: Check;
  readonly #kind: ReaderKind;
  readonly #place: Place;
  readonly #ports: EvidencePorts;
  #reader: Reader | undefined;

  constructor(check: Check, kind: ReaderKind, place: Place, ports: EvidencePorts) {
    this.#check = check;
    this.#kind = kind;
    this.#place = place;
    this.#ports = ports;
  }

  async observe(look: Look): Promise<Observation> {
    const { target } = this.#place;
    const reading = await this.#read(look);
    return {
      check: this.#check.name,
      ...(target && { target: target.name }),
      at: this.#ports.clock.now(),
      ...masked(reading, masker(secretsOf(this.#check, this.#place))),
    };
  }

  async close(): Promise<void> {
    await this.#reader?.close?.();
  }

  async #read(look: Look): Promise<Reading> {
    try {
      this.#reader ??= this.#kind.open(this.#check, this.#place, this.#ports);
      return await this.#reader.read(look);
    } catch (error) {
      return { values: {}, points: 0, unreadable: messageOf(error) };
    }
  }
}

/** Values of headers and of `${env:…}`, which must not reach evidence in a message about a URL that failed. */
function secretsOf(check: Check, place: Place): readonly string[] {
  const texts = JSON.stringify(check);
  const values = namesIn(texts)
    .filter((name) => name.startsWith("env:"))
    .map((name) => place.context.env?.[name.slice("env:".length)]);
  const headers =
    "headers" in check ? check.headers : "source" in check && "headers" in check.source ? check.source.headers : {};
  for (const header of Object.values(headers)) {
    try {
      values.push(place.fill(header));
    } catch {
      // A header that cannot be filled was not sent; the reader reports it.
    }
  }
  return values.filter((value) => value !== undefined);
}

function masked(reading: Reading, mask: (text: string) => string): Reading {
  const { unreadable, absent, pending, note, logs, ...rest } = reading;
  const clean = (text: string) => mask(text).toWellFormed().slice(0, LONGEST_REASON);
  return {
    ...rest,
    ...(unreadable !== undefined && { unreadable: clean(unreadable) }),
    ...(absent !== undefined && { absent: clean(absent) }),
    ...(pending !== undefined && { pending: clean(pending) }),
    ...(note !== undefined && { note: clean(note) }),
    ...(logs !== undefined && { logs: withTexts(logs, clean) }),
  };
}

/** The same value with every text in it changed. */
function withTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => withTexts(one, change)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTexts<unknown>(one, change)])) as T;
}
