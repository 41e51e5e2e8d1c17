import { Agent } from "node:http";
import { getOctokit } from "@actions/github";
import { defaults, type GitHub as GitHubOctokit } from "@actions/github/lib/utils";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import type { Clock } from "./clock.ts";
import { messageOf, PermissionError, PlatformError } from "./errors.ts";
import { type Send, sendDirectly } from "./send.ts";
import { Unqueued } from "./unqueued.ts";

/** What a call needs from the token, in the words of a workflow's `permissions:`; a role where no such line exists. */
export type Need = `${string}: ${"read" | "write"}`;

export interface CallOptions {
  /** The permission to name when GitHub refuses. */
  readonly needs: Need;
  /** What is being done, for messages: `create the deployment`. */
  readonly doing: string;
  /** How often an answer that does not say whether the call was carried out (5xx, reset, silence) is asked for again; writes that must not be doubled say 0. */
  readonly retries?: number;
}

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
}

/** GitHub as everything else sees it: two calls and the time. */
export interface GitHub {
  readonly owner: string;
  readonly repo: string;
  /**
   * One REST call, `POST /repos/{owner}/{repo}/deployments`; owner and repo are filled in. Waits and retries as GitHub
   * asks. Throws {@link PermissionError} for 401, 403 and a 404 that a missing right explains, {@link NotFound} for any
   * other 404, {@link Refused} for other 4xx, {@link PlatformError} for the rest.
   */
  rest<T>(route: string, parameters: Readonly<Record<string, unknown>>, options: CallOptions): Promise<Answer<T>>;
  /** One GraphQL call; throws as {@link rest} does. */
  graphql<T>(query: string, variables: Readonly<Record<string, unknown>>, options: CallOptions): Promise<T>;
  /** GitHub's present time in milliseconds since the epoch, from the Date of its answers; this machine's until the first answer. */
  now(): number;
  /** What is left of the calls that all jobs of the repository share, by the newest answers; undefined before the first that tells. */
  allowance(): Allowance | undefined;
}

/** How many calls GitHub still answers, of how many in an hour. */
export interface Allowance {
  readonly remaining: number;
  readonly limit: number;
  /** When it is full again, in milliseconds since the epoch by GitHub's clock. */
  readonly fullAt: number;
}

/** GitHub does not know the thing that was asked for. */
export class NotFound extends PlatformError {}

/** GitHub understood the call and refused it: 409, 422 and other 4xx. */
export class Refused extends PlatformError {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** A call whose fate is unknown: it may have been carried out. */
export class Unanswered extends PlatformError {}

export interface GitHubOptions {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly clock: Clock;
  /** Told about waits and retries; the text is ours and safe to print. */
  readonly warn: (message: string) => void;
  /** Root of the REST API; the job's own unless given. */
  readonly baseUrl?: string;
  /** Milliseconds after which a silent connection is given up. */
  readonly timeout?: number;
}

/** The longest wait that GitHub may ask for before we give up instead, in seconds. */
const LONGEST_WAIT = 15 * 60;
const WAITS = 4;
/** Clocks that differ by less are taken as equal: the Date header has whole seconds, and answers travel. */
const CLOCK_TOLERANCE = 2_000;

/** Connects to GitHub with `@actions/github` (proxies included), its retry and throttling plugins, and errors that name what to do. */
export function connectGitHub(options: GitHubOptions, create: CreateOctokit = jobOctokit): GitHub {
  const { clock } = options;
  const [owner = "", repo = ""] = options.repository.split("/");
  let offset = 0;
  const allowances = new Map<string, Allowance>();

  const waitOrGiveUp = (kind: string) => (seconds: number, _: object, __: object, count: number) => {
    if (seconds > LONGEST_WAIT || count >= WAITS) return false;
    options.warn(`GitHub's ${kind} is used up: waiting ${seconds} s, as it asks (${count + 1} of ${WAITS}).`);
    return true;
  };

  const octokit = create(
    options.token,
    {
      request: { fetch: wholeAnswers(sender(), options.timeout ?? 30_000) },
      retry: { doNotRetry: [400, 401, 403, 404, 405, 409, 410, 422, 429, 451] },
      throttle: {
        Bottleneck: Unqueued,
        onRateLimit: waitOrGiveUp("rate limit"),
        onSecondaryRateLimit: waitOrGiveUp("secondary rate limit"),
      },
      ...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    },
    [retryAfterAlways, retry, throttling],
  );
  octokit.hook.after("request", (response) => {
    const told = readAllowance(response.headers);
    if (told) allowances.set(String(response.headers["x-ratelimit-resource"] ?? "core"), told);
    const date = Date.parse(response.headers.date ?? "");
    if (!Number.isNaN(date)) {
      const ahead = date + 500 - clock.now();
      offset = Math.abs(ahead) < CLOCK_TOLERANCE ? 0 : ahead;
    }
  });

  return {
    owner,
    repo,
    now: () => clock.now() + offset,
    allowance: () => scarcest(allowances.values(), clock.now() + offset),
    async rest<T>(route: string, parameters: Readonly<Record<string, unknown>>, call: CallOptions) {
      try {
        const request = call.retries === undefined ? {} : { request: { retries: call.retries } };
        const { status, data } = await octokit.request(route, { owner, repo, ...parameters, ...request });
        return { status, data: data as T };
      } catch (error) {
        throw explain(error, call);
      }
    },
    async graphql<T>(query: string, variables: Readonly<Record<string, unknown>>, call: CallOptions) {
      try {
        return (await octokit.graphql(query, { owner, repo, ...variables })) as T;
      } catch (error) {
        throw explain(error, call);
      }
    },
  };
}

/** What the headers of an answer tell about the calls that are left. */
export function readAllowance(headers: Readonly<Record<string, unknown>>): Allowance | undefined {
  const [remaining, limit, reset] = ["remaining", "limit", "reset"].map((name) =>
    Number(headers[`x-ratelimit-${name}`]),
  );
  if (remaining === undefined || !(remaining >= 0) || !limit || !reset) return undefined;
  return { remaining, limit, fullAt: reset * 1_000 };
}

/** REST and GraphQL are counted apart: what matters is the one of which less is left. */
function scarcest(allowances: Iterable<Allowance>, now: number): Allowance | undefined {
  let least: Allowance | undefined;
  for (const one of allowances) {
    if (one.fullAt <= now) continue;
    if (!least || one.remaining / one.limit < least.remaining / least.limit) least = one;
  }
  return least;
}

type Octokit = InstanceType<typeof GitHubOctokit>;

/** Makes a client of options and plugins: a job's by `@actions/github`, or another outside of a runner. */
export type CreateOctokit = (
  token: string,
  options: ConstructorParameters<typeof GitHubOctokit>[0] & object,
  plugins: Parameters<typeof GitHubOctokit.plugin>,
) => Pick<Octokit, "request" | "graphql" | "hook">;

const jobOctokit: CreateOctokit = (token, options, plugins) => getOctokit(token, options, ...plugins);

/** `@actions/github` hands out an agent of Node's own unless the environment asks for a proxy to GitHub; then its `fetch` is the one that goes through it. */
function sender(): Send {
  const { agent, fetch: fetchByProxy } = defaults.request ?? {};
  if (fetchByProxy === undefined || agent instanceof Agent) return sendDirectly;
  return async (url, outgoing) => {
    const response: Response = await fetchByProxy(url, outgoing);
    return {
      url: response.url,
      status: response.status,
      statusText: response.statusText,
      headers: new Map(response.headers),
      body: await response.text(),
    };
  };
}

/**
 * Octokit's `fetch`: every answer is read to its end before it is handed on, so that a connection that breaks or falls
 * silent in mid-body, and a "200 OK" that is not JSON, is a failed request that gets retried, and not a value.
 */
function wholeAnswers(send: Send, timeout: number) {
  return async (
    url: string,
    init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
  ) => {
    const limit = AbortSignal.timeout(timeout);
    const { body, ...answer } = await send(url, {
      ...init,
      signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit,
    });
    const ok = answer.status >= 200 && answer.status < 300;
    if (ok && body !== "") {
      const type = answer.headers.get("content-type") ?? "no content type";
      if (!/^application\/(?:[\w.+-]+\+)?json\b/.test(type)) throw new Error(`an answer of ${type} instead of JSON`);
      JSON.parse(body);
    }
    return { ...answer, ok, text: async () => body, arrayBuffer: async () => new TextEncoder().encode(body).buffer };
  };
}

interface Hooked {
  hook: { error(name: "request", hook: (error: unknown) => never): void };
}

/** Lets the throttling plugin honour `Retry-After` on any 403 and 429; by itself it asks for GitHub's wording in the message. */
function retryAfterAlways(octokit: object): void {
  (octokit as Hooked).hook.error("request", (error) => {
    if (
      isHttpError(error) &&
      (error.status === 403 || error.status === 429) &&
      error.response?.headers["retry-after"]
    ) {
      if (!/\bsecondary rate\b/i.test(error.message)) error.message += " (secondary rate limit)";
    }
    throw error;
  });
}

interface HttpError extends Error {
  status: number;
  response?: { headers: Record<string, string | undefined>; data?: unknown };
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && typeof (error as { status?: unknown }).status === "number";
}

function graphqlTypes(error: unknown): readonly string[] {
  const errors = (error as { errors?: unknown }).errors;
  return Array.isArray(errors) ? errors.map((e: { type?: unknown }) => String(e?.type ?? "")) : [];
}

function explain(error: unknown, call: CallOptions): Error {
  const message = messageOf(error).slice(0, 300);
  const types = graphqlTypes(error);
  if (types.includes("FORBIDDEN") || types.includes("INSUFFICIENT_SCOPES")) return missing(call, message);
  if (types.includes("NOT_FOUND")) return new NotFound(`could not ${call.doing}: GitHub does not know it (${message})`);
  if (types.length > 0) return new Refused(`could not ${call.doing}: GitHub refused the query: ${message}`, 400);
  if (!isHttpError(error)) return new PlatformError(`could not ${call.doing}: ${message}`);
  if (error.status === 401) {
    return new PermissionError(
      `could not ${call.doing}: GitHub does not accept the token (401). A job's token ends with the job and after 24 hours; check the "token" input.`,
    );
  }
  if (error.status === 403 && !/rate limit/i.test(message)) return missing(call, message);
  if (error.status === 403 || error.status === 429) {
    return new PlatformError(
      `could not ${call.doing}: GitHub's rate limit is used up and did not end in time: ${message}`,
    );
  }
  if (error.status === 404) {
    return new NotFound(
      `could not ${call.doing}: GitHub answered 404. Either it does not exist, or the token may not see it: the job needs "${call.needs}" under "permissions:".`,
    );
  }
  if (error.status < 500)
    return new Refused(`could not ${call.doing}: GitHub refused it (${error.status}): ${message}`, error.status);
  return new Unanswered(`could not ${call.doing}: GitHub did not answer (${error.status}): ${message}`);
}

function missing(call: CallOptions, message: string): PermissionError {
  return new PermissionError(
    `could not ${call.doing}: missing "${call.needs}": add it under "permissions:" of this job (GitHub: ${message})`,
  );
}
