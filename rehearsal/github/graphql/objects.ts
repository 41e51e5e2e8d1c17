import type { Commit } from "../git/parse.ts";
import { nodeId, timestamp } from "../names.ts";
import { isBot } from "../present/people.ts";
import { type Deployment, type DeploymentStatus, graphState, latestStatus, updatedAt } from "../state/deployments.ts";
import type { Environment } from "../state/environments.ts";
import { commentsOf, findLabel, type Issue, type IssueComment, type Label } from "../state/issues.ts";
import { userId } from "../state/records.ts";
import { pageUrl, type World } from "../world.ts";
import { type Context, connection, type GraphObject } from "./carried.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** An account; GraphQL shows a bot's login without `[bot]`. */
export function actorObject(world: World, account: string): GraphObject {
  const type = isBot(account) ? "Bot" : "User";
  const login = account.replace(/\[bot\]$/, "");
  const id = userId(world.records, account);
  return {
    __typename: type,
    id: nodeId(type, id),
    databaseId: id,
    login,
    url: `${world.root}/${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `${world.root}/avatars/${id}`,
  };
}

export function commitObject(world: World, commit: Commit): GraphObject {
  const [messageHeadline = "", ...rest] = commit.message.split("\n");
  return {
    __typename: "Commit",
    id: nodeId("Commit", commit.sha),
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    message: commit.message,
    messageHeadline,
    messageBody: rest.join("\n").trim(),
    committedDate: timestamp(commit.committer.date),
    authoredDate: timestamp(commit.author.date),
    url: pageUrl(world, `/commit/${commit.sha}`),
    commitUrl: pageUrl(world, `/commit/${commit.sha}`),
    resourcePath: `/${world.owner}/${world.name}/commit/${commit.sha}`,
  };
}

/** A ref by its full name; null where it does not exist. */
export async function refObject(world: World, qualified: string): Promise<GraphObject | null> {
  const sha = await world.git.ref(qualified);
  if (sha === undefined) return null;
  const prefix = /^refs\/(?:heads|tags)\//.exec(qualified)?.[0] ?? "refs/";
  return {
    __typename: "Ref",
    id: nodeId("Ref", qualified),
    name: qualified.slice(prefix.length),
    prefix,
    target: async () => {
      const commit = await world.git.commitOf(sha);
      return commit === undefined ? null : commitObject(world, await world.git.commit(commit.sha));
    },
  };
}

async function refOf(world: World, name: string): Promise<GraphObject | null> {
  if (name.startsWith("refs/")) return refObject(world, name);
  return (await refObject(world, `refs/heads/${name}`)) ?? (await refObject(world, `refs/tags/${name}`));
}

export function deploymentObject(world: World, deployment: Deployment): GraphObject {
  const status = (one: DeploymentStatus): GraphObject => statusObject(world, deployment, one);
  return {
    __typename: "Deployment",
    id: nodeId("Deployment", deployment.id),
    databaseId: deployment.id,
    commit: async () => commitObject(world, await world.git.commit(deployment.sha)),
    commitOid: deployment.sha,
    createdAt: timestamp(deployment.createdAt),
    updatedAt: timestamp(updatedAt(deployment)),
    creator: actorObject(world, deployment.creator),
    description: deployment.description,
    environment: deployment.environment,
    originalEnvironment: deployment.originalEnvironment,
    latestEnvironment: deployment.environment,
    latestStatus: () => {
      const latest = latestStatus(deployment);
      return latest === undefined ? null : status(latest);
    },
    payload: JSON.stringify(deployment.payload),
    ref: () => refOf(world, deployment.ref),
    repository: (_: Arguments, context: Context) => context.world && repositoryStub(world),
    state: (_: Arguments, context: Context) => graphState(deployment, context.now),
    statuses: (args: Arguments) =>
      connection("DeploymentStatus", "statuses", deployment.statuses.toReversed(), args, status),
    task: deployment.task,
  };
}

function repositoryStub(world: World): GraphObject {
  return {
    __typename: "Repository",
    id: nodeId("Repository", world.repositoryId),
    databaseId: world.repositoryId,
    name: world.name,
    nameWithOwner: `${world.owner}/${world.name}`,
    url: pageUrl(world),
  };
}

function statusObject(world: World, deployment: Deployment, status: DeploymentStatus): GraphObject {
  return {
    __typename: "DeploymentStatus",
    id: nodeId("DeploymentStatus", status.id),
    state: status.state.toUpperCase(),
    description: status.description,
    environment: status.environment,
    environmentUrl: status.environmentUrl === "" ? null : status.environmentUrl,
    logUrl: status.logUrl === "" ? null : status.logUrl,
    creator: actorObject(world, status.creator),
    createdAt: timestamp(status.createdAt),
    updatedAt: timestamp(status.createdAt),
    deployment: () => deploymentObject(world, deployment),
  };
}

export function labelObject(world: World, label: Label): GraphObject {
  return {
    __typename: "Label",
    id: nodeId("Label", label.id),
    name: label.name,
    color: label.color,
    description: label.description,
    url: pageUrl(world, `/labels/${encodeURIComponent(label.name)}`),
  };
}

function commentObject(world: World, comment: IssueComment): GraphObject {
  return {
    __typename: "IssueComment",
    id: nodeId("IssueComment", comment.id),
    databaseId: comment.id,
    body: comment.body,
    author: actorObject(world, comment.user),
    createdAt: timestamp(comment.createdAt),
    updatedAt: timestamp(comment.updatedAt),
    url: pageUrl(world, `/issues/${comment.issue}#issuecomment-${comment.id}`),
  };
}

export function issueObject(world: World, issue: Issue): GraphObject {
  const labels = issue.labels.flatMap((name) => findLabel(world.records, name) ?? []);
  return {
    __typename: "Issue",
    id: nodeId("Issue", issue.id),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    bodyText: issue.body ?? "",
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    closed: issue.state === "closed",
    closedAt: issue.closedAt === undefined ? null : timestamp(issue.closedAt),
    createdAt: timestamp(issue.createdAt),
    updatedAt: timestamp(issue.updatedAt),
    author: actorObject(world, issue.user),
    url: pageUrl(world, `/issues/${issue.number}`),
    labels: (args: Arguments) => connection("Label", "labels", labels, args, (label) => labelObject(world, label)),
    comments: (args: Arguments) =>
      connection("IssueComment", "comments", commentsOf(world.records, issue.number), args, (comment) =>
        commentObject(world, comment),
      ),
  };
}

export function environmentObject(environment: Environment): GraphObject {
  return {
    __typename: "Environment",
    id: nodeId("Environment", environment.id),
    databaseId: environment.id,
    name: environment.name,
  };
}
