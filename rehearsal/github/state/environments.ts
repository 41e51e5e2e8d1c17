import type { EnvironmentSettings } from "../ports.ts";
import type { Records } from "./records.ts";

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly reviewers: readonly string[];
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  /** Only protected branches may deploy. */
  readonly protectedBranches: boolean;
  /** Name patterns of branches and tags that may deploy; undefined = all. */
  readonly policies: readonly BranchPolicy[] | undefined;
  /** Ids of the rules, stable over changes. */
  readonly ruleIds: { readonly wait: number; readonly reviewers: number; readonly branches: number };
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface BranchPolicy {
  readonly id: number;
  readonly name: string;
}

/** A job at the door of an environment. */
export interface Entry {
  readonly run: number;
  readonly attempt: number;
  readonly job: number;
  readonly environment: string;
  readonly since: number;
  /** Still to be decided by a reviewer. */
  awaitsReview: boolean;
  /** Set when a reviewer rejected it. */
  rejection: string | undefined;
  /** When the wait timer ends; undefined without one. */
  readonly waitUntil: number | undefined;
}

/** A decision of a person about a run and an environment. */
export interface Review {
  readonly run: number;
  readonly environments: readonly string[];
  readonly state: "approved" | "rejected";
  readonly user: string;
  readonly comment: string;
  readonly at: number;
}

export function findEnvironment(records: Records, name: string): Environment | undefined {
  return records.environments.get(name.toLowerCase());
}

/** Makes an environment, or sets an existing one's protection anew; what is not named is not protected. */
export function putEnvironment(
  records: Records,
  settings: EnvironmentSettings & { readonly protectedBranches?: boolean },
  now: number,
): Environment {
  const present = findEnvironment(records, settings.name);
  const known = new Map(present?.policies?.map((policy) => [policy.name, policy.id]));
  const environment: Environment = {
    id: present?.id ?? records.nextId(),
    name: present?.name ?? settings.name,
    reviewers: settings.reviewers ?? [],
    preventSelfReview: settings.preventSelfReview ?? false,
    waitMinutes: settings.waitMinutes ?? 0,
    protectedBranches: settings.protectedBranches ?? false,
    policies: settings.branches?.map((name) => ({ id: known.get(name) ?? records.nextId(), name })),
    ruleIds: present?.ruleIds ?? {
      wait: records.nextId(),
      reviewers: records.nextId(),
      branches: records.nextId(),
    },
    createdAt: present?.createdAt ?? now,
    updatedAt: now,
  };
  records.environments.set(environment.name.toLowerCase(), environment);
  return environment;
}

/** The environment of that name; made without protection where it is missing, as GitHub does on first use. */
export function ensureEnvironment(records: Records, name: string, now: number): Environment {
  return findEnvironment(records, name) ?? putEnvironment(records, { name }, now);
}

/**
 * Whether a name matches a branch or tag pattern of an environment. GitHub uses Ruby's `File.fnmatch` with
 * `FNM_PATHNAME`: `*` and `?` stop at a slash, `**​/` crosses directories, `[…]` is a set; no hidden-file rule for dots here.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  return matchFrom(pattern, 0, name, 0, new Set());
}

/** Matches the rest of a name; `dead` keeps the places that led nowhere, so that no pattern takes more than |pattern| × |name| steps. */
function matchFrom(pattern: string, p: number, name: string, n: number, dead: Set<number>): boolean {
  const place = p * (name.length + 1) + n;
  if (dead.has(place)) return false;
  const matched = matchHere(pattern, p, name, n, dead);
  if (!matched) dead.add(place);
  return matched;
}

function matchHere(pattern: string, p: number, name: string, n: number, dead: Set<number>): boolean {
  if (p === pattern.length) return n === name.length;
  if (pattern.startsWith("**/", p) && (p === 0 || pattern[p - 1] === "/")) {
    if (matchFrom(pattern, p + 3, name, n, dead)) return true;
    const slash = name.indexOf("/", n);
    return slash >= 0 && matchFrom(pattern, p, name, slash + 1, dead);
  }
  const symbol = pattern[p];
  if (symbol === "*") {
    let next = p;
    while (pattern[next] === "*") next += 1;
    for (let end = n; ; end += 1) {
      if (matchFrom(pattern, next, name, end, dead)) return true;
      if (end >= name.length || name[end] === "/") return false;
    }
  }
  const character = name[n];
  if (character === undefined) return false;
  if (symbol === "?") return character !== "/" && matchFrom(pattern, p + 1, name, n + 1, dead);
  if (symbol === "[") {
    const end = pattern.indexOf("]", p + 2);
    if (end > 0) {
      return inSet(pattern.slice(p + 1, end), character) && matchFrom(pattern, end + 1, name, n + 1, dead);
    }
  }
  if (symbol === "\\" && p + 1 < pattern.length) {
    return pattern[p + 1] === character && matchFrom(pattern, p + 2, name, n + 1, dead);
  }
  return symbol === character && matchFrom(pattern, p + 1, name, n + 1, dead);
}

function inSet(set: string, character: string): boolean {
  const negated = set.startsWith("!") || set.startsWith("^");
  const body = negated ? set.slice(1) : set;
  let found = false;
  for (let i = 0; i < body.length; i += 1) {
    const low = body.charAt(i);
    if (body[i + 1] === "-" && i + 2 < body.length) {
      found ||= low <= character && character <= body.charAt(i + 2);
      i += 2;
    } else found ||= low === character;
  }
  return found !== negated && character !== "/";
}

/** Why a ref may not deploy to an environment; undefined when it may. `ref` is a full one, `refs/heads/main`. */
export function refusedRef(environment: Environment, ref: string, defaultBranch: string): string | undefined {
  const branch = /^refs\/heads\/(.+)$/s.exec(ref)?.[1];
  const short = branch ?? ref.replace(/^refs\/tags\//, "");
  const allowed = environment.protectedBranches
    ? branch === defaultBranch
    : (environment.policies?.some((policy) => matchesPattern(policy.name, short)) ?? true);
  if (allowed) return undefined;
  const kind = branch === undefined ? "Tag" : "Branch";
  return `${kind} "${short}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
}

/** The jobs of a run that wait for a reviewer, by environment. */
export function awaitingReview(records: Records, run?: number): Entry[] {
  return records.entries.filter((entry) => entry.awaitsReview && (run === undefined || entry.run === run));
}

/** Whether a person may approve or reject for an environment: one of its reviewers, and not the one who started the run where that is forbidden. */
export function mayReview(environment: Environment, user: string, actor: string): boolean {
  return environment.reviewers.includes(user) && !(environment.preventSelfReview && user === actor);
}

/** Records a decision: one approval suffices, one rejection fails the waiting jobs. Answers the entries it decided. */
export function decide(records: Records, review: Review): Entry[] {
  const names = new Set(review.environments.map((name) => name.toLowerCase()));
  const decided = awaitingReview(records, review.run).filter((entry) => names.has(entry.environment.toLowerCase()));
  for (const entry of decided) {
    entry.awaitsReview = false;
    if (review.state === "rejected") entry.rejection = `rejected by ${review.user}`;
  }
  if (decided.length > 0) records.reviews.push(review);
  return decided;
}
