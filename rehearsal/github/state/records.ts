import type { CheckRun, CommitStatus } from "./checks.ts";
import type { Deployment } from "./deployments.ts";
import type { Entry, Environment, Review } from "./environments.ts";
import type { Issue, IssueComment, Label } from "./issues.ts";
import type { JobRecord, Runner, RunRecord, Workflow } from "./runs.ts";

/** All that the embedded GitHub remembers, besides the git repository. */
export interface Records {
  /** The next id; one series for all kinds of objects, so that a larger id is always younger. */
  nextId(): number;
  readonly deployments: Map<number, Deployment>;
  /** By name in lower case, since environment names are case-insensitive. */
  readonly environments: Map<string, Environment>;
  readonly entries: Entry[];
  readonly reviews: Review[];
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, IssueComment>;
  readonly labels: Map<string, Label>;
  readonly statuses: CommitStatus[];
  readonly checkRuns: Map<number, CheckRun>;
  readonly runs: Map<number, RunRecord>;
  readonly jobs: Map<number, JobRecord>;
  readonly workflows: Map<string, Workflow>;
  readonly runners: Map<string, Runner>;
  /** Account ids by login. */
  readonly users: Map<string, number>;
}

/** Records of a repository in which nothing has happened yet. */
export function emptyRecords(): Records {
  let last = 1_000_000;
  return {
    nextId: () => ++last,
    deployments: new Map(),
    environments: new Map(),
    entries: [],
    reviews: [],
    issues: new Map(),
    comments: new Map(),
    labels: new Map(),
    statuses: [],
    checkRuns: new Map(),
    runs: new Map(),
    jobs: new Map(),
    workflows: new Map(),
    runners: new Map(),
    users: new Map([["github-actions[bot]", 41_898_282]]),
  };
}

/** The account id of a login, the same whenever it is asked for. */
export function userId(records: Records, login: string): number {
  const known = records.users.get(login);
  if (known !== undefined) return known;
  const id = records.nextId();
  records.users.set(login, id);
  return id;
}
