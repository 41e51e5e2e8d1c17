import type { Clock } from "../platform/clock.ts";
import { PlatformError } from "../platform/errors.ts";
import { type GitHub, Unanswered } from "../platform/github.ts";
import {
  type DeploymentRecord,
  type Payload,
  parsePayload,
  type State,
  type Status,
  sameCandidate,
  states,
} from "./record.ts";

/** A status to write; the description is cut to GitHub's 140 characters by the caller's wording, not here. */
export interface NewStatus {
  readonly state: State;
  readonly description: string;
  readonly environmentUrl?: string;
}

/** What the ledger is, besides being read: two kinds of writing. */
export interface Ledger {
  /** All records of a service in these environments, newest first, at most {@link HISTORY} of them. */
  records(service: string, environments: readonly string[]): Promise<readonly DeploymentRecord[]>;
  /** Writes a record, and never a second one for the same step: an answer that was lost is looked for before it is asked for again. */
  create(deployment: NewDeployment): Promise<DeploymentRecord>;
  /** Adds a status to a record; one whose answer was lost is looked for in the same way. */
  append(deployment: number, status: NewStatus): Promise<void>;
}

export interface NewDeployment {
  readonly environment: string;
  readonly production: boolean;
  readonly payload: Payload;
  readonly description: string;
}

/** How many records are looked back on, over all environments of a service. */
export const HISTORY = 1_000;
const PAGE = 50;
const TRIES = 4;

interface DeploymentNode {
  databaseId: number;
  environment: string;
  createdAt: string;
  creator: { login: string } | null;
  payload: unknown;
  statuses: { nodes: { state: string; description: string | null; createdAt: string; logUrl: string | null }[] };
}

const DEPLOYMENTS = `query ($owner: String!, $repo: String!, $environments: [String!], $after: String) {
  repository(owner: $owner, name: $repo) {
    deployments(environments: $environments, first: ${PAGE}, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId environment createdAt payload creator { login }
        statuses(first: 100) { nodes { state description createdAt logUrl } }
      }
    }
  }
}`;

/** The ledger in a repository's deployments. */
export function openLedger(github: GitHub, clock: Clock, logUrl: string): Ledger {
  const ledger: Ledger = {
    async records(service, environments) {
      const records: DeploymentRecord[] = [];
      if (environments.length === 0) return records;
      let after: string | null = null;
      do {
        const page: DeploymentPage = await github.graphql(
          DEPLOYMENTS,
          { environments, after },
          { needs: "deployments: read", doing: "read the deployments" },
        );
        const deployments = page?.repository?.deployments;
        if (!Array.isArray(deployments?.nodes))
          throw new PlatformError("could not read the deployments: GitHub's answer has none");
        for (const node of deployments.nodes) {
          const record = readRecord(node);
          if (record?.payload.service === service) records.push(record);
        }
        after = deployments.pageInfo.hasNextPage ? deployments.pageInfo.endCursor : null;
      } while (after !== null && records.length < HISTORY);
      return records;
    },

    async create({ environment, production, payload, description }) {
      const call = {
        needs: "deployments: write",
        doing: `create the deployment to ${environment}`,
        retries: 0,
      } as const;
      const { id } = await writeOnce<{ id: number }>(
        clock,
        async () => {
          const { status, data } = await github.rest<{ id: number; message?: string }>(
            "POST /repos/{owner}/{repo}/deployments",
            {
              ref: payload.candidate.commit,
              task: "deploy",
              auto_merge: false,
              required_contexts: [],
              payload,
              environment,
              description,
              transient_environment: false,
              production_environment: production,
            },
            call,
          );
          if (status !== 201)
            throw new PlatformError(`could not ${call.doing}: GitHub answered ${status}: ${data.message ?? ""}`);
          return data;
        },
        async () =>
          (await ledger.records(payload.service, [environment])).find(
            (record) => samePayloadStep(record.payload, payload) && record.statuses.length === 0,
          ),
      );
      return { id, environment, createdAt: github.now(), creator: payload.actor, payload, statuses: [] };
    },

    async append(deployment, status) {
      const call = {
        needs: "deployments: write",
        doing: `write the status "${status.state}" of deployment ${deployment}`,
        retries: 0,
      } as const;
      await writeOnce<unknown>(
        clock,
        () =>
          github.rest(
            "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
            {
              deployment_id: deployment,
              state: status.state,
              description: status.description,
              log_url: logUrl,
              auto_inactive: false,
              ...(status.environmentUrl && { environment_url: status.environmentUrl }),
            },
            call,
          ),
        async () => {
          const { data } = await github.rest<{ state: string; description: string }[]>(
            "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
            { deployment_id: deployment, per_page: 10 },
            { needs: "deployments: read", doing: `read the statuses of deployment ${deployment}` },
          );
          return data.find((written) => written.state === status.state && written.description === status.description);
        },
      );
    },
  };
  return ledger;
}

interface DeploymentPage {
  repository?: {
    deployments?: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: (DeploymentNode | null)[] };
  } | null;
}

/** Writes, and when GitHub does not say whether it did, looks for what was written before writing again. */
export async function writeOnce<T>(
  clock: Clock,
  write: () => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const found = await find();
      if (found !== undefined) return found;
      if (attempt === TRIES) throw error;
      await clock.sleep(attempt * attempt * 1_000);
    }
  }
}

function samePayloadStep(a: Payload, b: Payload): boolean {
  return (
    a.run.id === b.run.id &&
    a.run.attempt === b.run.attempt &&
    a.stage === b.stage &&
    a.kind === b.kind &&
    sameCandidate(a.candidate, b.candidate)
  );
}

function readRecord(node: DeploymentNode | null): DeploymentRecord | undefined {
  if (node === null) throw new PlatformError("could not read the deployments: GitHub's answer is incomplete");
  const payload = parsePayload(node.payload);
  if (payload === undefined) return undefined;
  if (payload === "unreadable") {
    throw new PlatformError(
      `deployment ${node.databaseId} of ${node.environment} is in a form that this version does not understand: nothing can be decided over it. Use the version of the actions that wrote it.`,
    );
  }
  return {
    id: node.databaseId,
    environment: node.environment,
    createdAt: instant(node.createdAt),
    creator: node.creator?.login ?? "ghost",
    payload,
    statuses: oldestFirst(node.statuses.nodes.map(readStatus)),
  };
}

function readStatus(node: DeploymentNode["statuses"]["nodes"][number]): Status {
  const state = node.state.toLowerCase();
  const known = state === "waiting" ? "queued" : states.find((candidate) => candidate === state);
  if (!known)
    throw new PlatformError(
      `could not read the deployments: GitHub names a status "${node.state}" that is unknown here`,
    );
  return {
    state: known,
    description: node.description ?? "",
    at: instant(node.createdAt),
    ...(node.logUrl && { logUrl: node.logUrl }),
  };
}

/** GitHub does not document the order of statuses; it is told from the times, and equal times keep the order they came in. */
function oldestFirst(statuses: readonly Status[]): readonly Status[] {
  const first = statuses[0]?.at ?? 0;
  const last = statuses.at(-1)?.at ?? 0;
  const ordered = first > last ? [...statuses].reverse() : [...statuses];
  return ordered.sort((a, b) => a.at - b.at);
}

function instant(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new PlatformError(`could not read the deployments: "${text}" is not a time`);
  return time;
}
