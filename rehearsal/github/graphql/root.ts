import { nodeId, parseNodeId, timestamp } from "../names.ts";
import { newestFirst } from "../state/deployments.ts";
import { findEnvironment } from "../state/environments.ts";
import { filterIssues, findLabel } from "../state/issues.ts";
import { pageUrl, type World } from "../world.ts";
import { type Context, connection, type GraphObject, need, typed } from "./carried.ts";
import {
  actorObject,
  commitObject,
  deploymentObject,
  environmentObject,
  issueObject,
  labelObject,
  refObject,
} from "./objects.ts";

type Arguments = Readonly<Record<string, unknown>>;

function strings(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

function direction(orderBy: unknown): 1 | -1 {
  return (orderBy as { direction?: string } | null | undefined)?.direction === "DESC" ? -1 : 1;
}

function deployments(world: World, args: Arguments): GraphObject {
  const environments = strings(args["environments"])?.map((name) => name.toLowerCase());
  const sign = direction(args["orderBy"]);
  const matching = newestFirst(world.records)
    .filter((deployment) => environments?.includes(deployment.environment.toLowerCase()) ?? true)
    .sort((a, b) => sign * (a.id - b.id));
  return connection("Deployment", "deployments", matching, args, (deployment) => deploymentObject(world, deployment));
}

const ISSUE_TIMES = { CREATED_AT: "createdAt", UPDATED_AT: "updatedAt" } as const;

function issues(world: World, args: Arguments): GraphObject {
  const filter = (args["filterBy"] ?? {}) as { labels?: unknown; states?: unknown };
  const states = strings(args["states"]) ?? strings(filter.states);
  const labels = strings(args["labels"]) ?? strings(filter.labels);
  const order = args["orderBy"] as { field?: keyof typeof ISSUE_TIMES } | undefined;
  const key = ISSUE_TIMES[order?.field ?? "CREATED_AT"];
  const sign = direction(order);
  const matching = filterIssues(world.records.issues.values(), { state: "all", labels: [] })
    .filter((issue) => states?.includes(issue.state.toUpperCase()) ?? true)
    .filter((issue) => {
      const own = issue.labels.map((label) => label.toLowerCase());
      return labels?.some((label) => own.includes(label.toLowerCase())) ?? true;
    })
    .sort((a, b) => sign * (a[key] - b[key] || a.id - b.id));
  return connection("Issue", "issues", matching, args, (issue) => issueObject(world, issue));
}

async function object(world: World, args: Arguments): Promise<GraphObject | null> {
  const name = args["oid"] ?? args["expression"];
  const found = typeof name === "string" ? await world.git.commitOf(name) : undefined;
  return found === undefined ? null : commitObject(world, await world.git.commit(found.sha));
}

function repository(world: World): GraphObject {
  const { records } = world;
  return {
    __typename: "Repository",
    id: nodeId("Repository", world.repositoryId),
    databaseId: world.repositoryId,
    name: world.name,
    nameWithOwner: `${world.owner}/${world.name}`,
    owner: actorObject(world, world.owner),
    url: pageUrl(world),
    isPrivate: true,
    defaultBranchRef: () => refObject(world, `refs/heads/${world.defaultBranch}`),
    ref: (args: Arguments, context: Context) => {
      need(context, "contents");
      const name = String(args["qualifiedName"]);
      return refObject(world, name.startsWith("refs/") ? name : `refs/heads/${name}`);
    },
    object: (args: Arguments, context: Context) => {
      need(context, "contents");
      return object(world, args);
    },
    deployments: (args: Arguments, context: Context) => {
      need(context, "deployments");
      return deployments(world, args);
    },
    environments: (args: Arguments, context: Context) => {
      need(context, "actions");
      return connection("Environment", "environments", [...records.environments.values()], args, environmentObject);
    },
    environment: (args: Arguments, context: Context) => {
      need(context, "actions");
      const found = findEnvironment(records, String(args["name"]));
      return found === undefined ? null : environmentObject(found);
    },
    issues: (args: Arguments, context: Context) => {
      need(context, "issues");
      return issues(world, args);
    },
    issue: (args: Arguments, context: Context) => {
      need(context, "issues");
      const number = Number(args["number"]);
      const found = records.issues.get(number);
      if (found === undefined) throw typed("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
      return issueObject(world, found);
    },
    label: (args: Arguments, context: Context) => {
      need(context, "issues");
      const found = findLabel(records, String(args["name"]));
      return found === undefined ? null : labelObject(world, found);
    },
  };
}

function findRepository(world: World, args: Arguments): GraphObject {
  const asked = `${String(args["owner"])}/${String(args["name"])}`;
  if (asked.toLowerCase() === `${world.owner}/${world.name}`.toLowerCase()) return repository(world);
  throw typed("NOT_FOUND", `Could not resolve to a Repository with the name '${asked}'.`);
}

function node(args: Arguments, context: Context): GraphObject {
  const text = String(args["id"]);
  const parsed = parseNodeId(text);
  if (parsed?.type === "Deployment") {
    need(context, "deployments");
    const found = context.world.records.deployments.get(Number(parsed.id));
    if (found !== undefined) return deploymentObject(context.world, found);
  }
  if (parsed?.type === "Repository") return repository(context.world);
  throw typed("NOT_FOUND", `Could not resolve to a node with the global id of '${text}'`);
}

interface RefUpdate {
  readonly name: string;
  readonly afterOid: string;
  readonly beforeOid?: string | null;
  readonly force?: boolean;
}

async function updateRefs(args: Arguments, context: Context): Promise<GraphObject> {
  need(context, "contents", "write");
  const { world } = context;
  const input = args["input"] as { repositoryId: string; refUpdates: readonly RefUpdate[]; clientMutationId?: string };
  if (parseNodeId(input.repositoryId)?.id !== String(world.repositoryId)) {
    throw typed("NOT_FOUND", `Could not resolve to a node with the global id of '${input.repositoryId}'`);
  }
  for (const update of input.refUpdates) {
    const now = await world.git.ref(update.name);
    if (now === undefined || update.force === true || /^0+$/.test(update.afterOid)) continue;
    if (!(await world.git.isAncestor(now, update.afterOid))) {
      throw typed("UNPROCESSABLE", `Update is not a fast-forward for ${update.name}`);
    }
  }
  const changes = input.refUpdates.map(({ name, afterOid, beforeOid }) => ({
    name,
    after: afterOid,
    ...(typeof beforeOid === "string" ? { before: beforeOid } : {}),
  }));
  const refused = await world.git.updateRefs(changes);
  if (refused !== undefined) throw typed("UNPROCESSABLE", refused);
  return { __typename: "UpdateRefsPayload", clientMutationId: input.clientMutationId ?? null };
}

/** The root of queries. */
export function queryRoot(world: World): GraphObject {
  return {
    __typename: "Query",
    repository: (args: Arguments) => findRepository(world, args),
    node,
    viewer: (_: Arguments, context: Context) => ({ ...actorObject(world, context.caller.login), __typename: "User" }),
    rateLimit: (_: Arguments, context: Context) => {
      const quota = world.limits.look(context.caller, "graphql", context.now);
      return {
        __typename: "RateLimit",
        cost: 1,
        limit: quota.limit,
        remaining: quota.limit - quota.used,
        used: quota.used,
        nodeCount: 0,
        resetAt: timestamp(quota.reset),
      };
    },
  };
}

/** The root of mutations. */
export function mutationRoot(): GraphObject {
  return { __typename: "Mutation", updateRefs };
}
