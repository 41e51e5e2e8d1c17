import { randomBytes } from "node:crypto";
import { notAccessible, Refusal } from "./answer.ts";
import type { Permissions } from "./ports.ts";

/** Whom a token speaks for. */
export type Caller =
  | {
      readonly kind: "job";
      readonly login: string;
      readonly run: number;
      readonly job: number;
      readonly permissions: Permissions;
    }
  | { readonly kind: "person"; readonly login: string };

/** The permission that a job's token needs, or `any` for every valid token, or `user` for a person's token only. */
export type Need = "any" | "user" | { readonly scope: string; readonly access: "read" | "write" };

/** The login under which everything done with a job's token is recorded. */
export const ACTIONS_BOT = "github-actions[bot]";

/** One hour, the window of the primary rate limit, in milliseconds. */
const WINDOW = 3_600_000;

export interface Quota {
  readonly limit: number;
  readonly used: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly reset: number;
  readonly resource: "core" | "graphql";
}

/**
 * Counts requests per bucket and hour. All job tokens of the repository share one bucket, as on GitHub; a person's
 * tokens have their own.
 */
export class RateLimits {
  readonly #limits: { readonly job: number; readonly person: number };
  readonly #windows = new Map<string, { used: number; reset: number }>();

  constructor(limits: { readonly job: number; readonly person: number }) {
    this.#limits = limits;
  }

  #window(caller: Caller, resource: Quota["resource"], now: number): { used: number; reset: number } {
    const key = `${resource} ${caller.kind === "job" ? "" : caller.login}`;
    const present = this.#windows.get(key);
    if (present !== undefined && now < present.reset) return present;
    const fresh = { used: 0, reset: now + WINDOW };
    this.#windows.set(key, fresh);
    return fresh;
  }

  /** How much of the hour's quota is used. */
  look(caller: Caller, resource: Quota["resource"], now: number): Quota {
    const { used, reset } = this.#window(caller, resource, now);
    return { limit: this.#limits[caller.kind], used, reset, resource };
  }

  /** Takes one request from the quota; `exceeded` when none was left. */
  take(caller: Caller, resource: Quota["resource"], now: number): Quota & { readonly exceeded: boolean } {
    const window = this.#window(caller, resource, now);
    const exceeded = window.used >= this.#limits[caller.kind];
    if (!exceeded) window.used += 1;
    return { ...this.look(caller, resource, now), exceeded };
  }
}

/** A quota as `GET /rate_limit` shows it. */
export function quotaOf(quota: Quota): { limit: number; used: number; remaining: number; reset: number } {
  const { limit, used } = quota;
  return { limit, used, remaining: limit - used, reset: Math.ceil(quota.reset / 1000) };
}

/** The headers that tell a caller its quota. */
export function quotaHeaders(quota: Quota): Record<string, string> {
  return {
    "x-ratelimit-limit": String(quota.limit),
    "x-ratelimit-remaining": String(quota.limit - quota.used),
    "x-ratelimit-used": String(quota.used),
    "x-ratelimit-reset": String(Math.ceil(quota.reset / 1000)),
    "x-ratelimit-resource": quota.resource,
  };
}

function tokenOf(header: string | undefined): string | undefined {
  return /^(?:bearer|token)\s+(\S+)$/i.exec(header ?? "")?.[1];
}

/** The tokens that are valid now. */
export class Tokens {
  readonly #callers = new Map<string, Caller>();

  issue(caller: Caller): string {
    const token = `${caller.kind === "job" ? "ghs" : "ghp"}_${randomBytes(18).toString("hex")}`;
    this.#callers.set(token, caller);
    return token;
  }

  revoke(token: string): void {
    this.#callers.delete(token);
  }

  /** The caller behind an `Authorization` header, undefined where it is absent, unknown or revoked. */
  identify(header: string | undefined): Caller | undefined {
    return this.#callers.get(tokenOf(header) ?? "");
  }

  /** The caller behind an `Authorization` header; throws 401 where it is absent, unknown or revoked. */
  authenticate(header: string | undefined): Caller {
    const token = tokenOf(header);
    if (token === undefined) throw new Refusal(401, "Requires authentication");
    const caller = this.#callers.get(token);
    if (caller === undefined) throw new Refusal(401, "Bad credentials");
    return caller;
  }
}

/** Whether the caller's permissions carry the need. A person's or App's token of this server has all rights. */
export function permits(caller: Caller, need: Need): boolean {
  if (caller.kind === "person" || need === "any") return true;
  if (need === "user") return false;
  if (need.scope === "metadata") return true;
  const granted = caller.permissions[need.scope] ?? "none";
  return granted === "write" || granted === need.access;
}

/** Throws 403 with GitHub's message, naming the permission in GitHub's header, where the caller lacks it. */
export function authorize(caller: Caller, need: Need): void {
  if (!permits(caller, need)) throw notAccessible();
}
