import { type Answer, created, type Json, noContent, notFound, ok, validationFailed } from "../answer.ts";
import { paginate } from "../pagination.ts";
import { issueLabels, presentComment, presentIssue, presentLabel } from "../present/issues.ts";
import { type Call, type Route, route } from "../router.ts";
import {
  addComment,
  addIssue,
  addLabel,
  commentsOf,
  ensureLabels,
  filterIssues,
  findLabel,
  type Issue,
  type IssueComment,
  type Label,
  withState,
} from "../state/issues.ts";
import { apiUrl, type World } from "../world.ts";
import { id, isObject, text, texts } from "./inputs.ts";

/** GitHub's limits on a title, and on a body or comment, in characters. */
const LONGEST_TITLE = 256;
const LONGEST_BODY = 65_536;

function find(world: World, call: Call): Issue {
  const issue = world.records.issues.get(id(call, "issue_number"));
  if (issue === undefined) throw notFound();
  return issue;
}

function checkLength(resource: string, field: string, value: string | undefined, limit: number): void {
  if (value !== undefined && [...value].length > limit) {
    const message = `${field} is too long (maximum is ${limit} characters)`;
    throw validationFailed({ resource, field, code: "custom", message });
  }
}

function checkTexts(call: Call): void {
  checkLength("Issue", "title", text(call.body, "title"), LONGEST_TITLE);
  checkLength("Issue", "body", text(call.body, "body"), LONGEST_BODY);
}

/** Label names, given as texts or as objects with a name. */
function labelNames(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((item: Json) => {
    if (typeof item === "string") return [item];
    const name = isObject(item) ? text(item, "name") : undefined;
    return name === undefined ? [] : [name];
  });
}

function list(world: World, call: Call): Promise<Answer> {
  const { query } = call;
  const state = query.get("state");
  const creator = query.get("creator");
  const assignee = query.get("assignee");
  const since = query.get("since");
  const labels = (query.get("labels") ?? "").split(",").filter((label) => label.trim() !== "");
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sign = query.get("direction") === "asc" ? 1 : -1;
  const matching = filterIssues(world.records.issues.values(), {
    state: state === "closed" || state === "all" ? state : "open",
    labels: labels.map((label) => label.trim()),
    ...(creator === null ? {} : { creator }),
    ...(assignee === null ? {} : { assignee }),
    ...(since === null ? {} : { since: Date.parse(since) }),
  }).sort((a, b) => sign * (a[key] - b[key] || a.number - b.number));
  return paginate(call, world.root, matching, (issue) => presentIssue(world, issue));
}

function create(world: World, call: Call): Answer {
  checkTexts(call);
  const title = call.body["title"];
  if (title === "") throw validationFailed({ resource: "Issue", field: "title", code: "missing_field" });
  const issue = addIssue(
    world.records,
    {
      title: String(title),
      body: text(call.body, "body") ?? null,
      labels: labelNames(call.body["labels"]) ?? [],
      assignees: texts(call.body, "assignees") ?? [],
      user: call.caller.login,
    },
    call.now,
  );
  return created(presentIssue(world, issue), apiUrl(world, `/issues/${issue.number}`));
}

const REASONS = ["completed", "not_planned", "duplicate", "reopened"] as const;

function update(world: World, call: Call): Answer {
  checkTexts(call);
  const { body, now } = call;
  const before = find(world, call);
  const state = text(body, "state");
  const reason = REASONS.find((known) => known === text(body, "state_reason"));
  const moved =
    state === "open" || state === "closed" ? withState(before, state, reason, call.caller.login, now) : before;
  const labels = labelNames(body["labels"]);
  const issue: Issue = {
    ...moved,
    title: body["title"] === undefined || body["title"] === null ? moved.title : String(body["title"]),
    body: body["body"] === undefined ? moved.body : (text(body, "body") ?? null),
    labels: labels === undefined ? moved.labels : ensureLabels(world.records, labels),
    assignees: texts(body, "assignees") ?? moved.assignees,
    updatedAt: now,
  };
  world.records.issues.set(issue.number, issue);
  return ok(presentIssue(world, issue));
}

function setLabels(world: World, issue: Issue, names: readonly string[], now: number): Answer {
  const changed = { ...issue, labels: ensureLabels(world.records, names), updatedAt: now };
  world.records.issues.set(issue.number, changed);
  return ok(issueLabels(world, changed));
}

function addIssueLabels(world: World, call: Call): Answer {
  const issue = find(world, call);
  return setLabels(world, issue, [...issue.labels, ...(labelNames(call.body["labels"]) ?? [])], call.now);
}

function removeIssueLabel(world: World, call: Call): Answer {
  const issue = find(world, call);
  const name = (call.params["name"] ?? "").toLowerCase();
  const rest = issue.labels.filter((label) => label.toLowerCase() !== name);
  if (rest.length === issue.labels.length) throw notFound();
  return setLabels(world, issue, rest, call.now);
}

function createComment(world: World, call: Call): Answer {
  const body = text(call.body, "body") ?? "";
  checkLength("IssueComment", "body", body, LONGEST_BODY);
  if (body === "") throw validationFailed({ resource: "IssueComment", field: "body", code: "missing_field" });
  const comment = addComment(world.records, find(world, call).number, body, call.caller.login, call.now);
  return created(presentComment(world, comment), apiUrl(world, `/issues/comments/${comment.id}`));
}

function listComments(world: World, call: Call): Promise<Answer> {
  const comments = commentsOf(world.records, find(world, call).number);
  return paginate(call, world.root, comments, (comment) => presentComment(world, comment));
}

function comment(world: World, call: Call): IssueComment {
  const found = world.records.comments.get(id(call, "comment_id"));
  if (found === undefined) throw notFound();
  return found;
}

function updateComment(world: World, call: Call): Answer {
  const changed = { ...comment(world, call), body: text(call.body, "body") ?? "", updatedAt: call.now };
  world.records.comments.set(changed.id, changed);
  return ok(presentComment(world, changed));
}

function label(world: World, call: Call): Label {
  const found = findLabel(world.records, call.params["name"] ?? "");
  if (found === undefined) throw notFound();
  return found;
}

function createLabel(world: World, call: Call): Answer {
  const name = text(call.body, "name") ?? "";
  const color = text(call.body, "color");
  const description = text(call.body, "description");
  if (findLabel(world.records, name) !== undefined) {
    throw validationFailed({ resource: "Label", field: "name", code: "already_exists" });
  }
  if (color !== undefined && !/^#?[0-9a-f]{6}$/i.test(color)) {
    throw validationFailed({ resource: "Label", field: "color", code: "invalid" });
  }
  const made = addLabel(world.records, {
    name,
    ...(color === undefined ? {} : { color }),
    ...(description === undefined ? {} : { description }),
  });
  return created(presentLabel(world, made), apiUrl(world, `/labels/${encodeURIComponent(name)}`));
}

function deleteLabel(world: World, call: Call): Answer {
  const { name } = label(world, call);
  world.records.labels.delete(name.toLowerCase());
  for (const issue of world.records.issues.values()) {
    const labels = issue.labels.filter((own) => own !== name);
    if (labels.length < issue.labels.length) world.records.issues.set(issue.number, { ...issue, labels });
  }
  return noContent;
}

const root = "/repos/{owner}/{repo}";
const issue = `${root}/issues/{issue_number}`;

export const issueRoutes: readonly Route[] = [
  route(`GET ${root}/issues`, "issues:read", list),
  route(`POST ${root}/issues`, "issues:write", create),
  route(`GET ${issue}`, "issues:read", (world, call) => ok(presentIssue(world, find(world, call)))),
  route(`PATCH ${issue}`, "issues:write", update),
  route(`GET ${issue}/labels`, "issues:read", (world, call) => ok(issueLabels(world, find(world, call)))),
  route(`POST ${issue}/labels`, "issues:write", addIssueLabels),
  route(`DELETE ${issue}/labels/{name}`, "issues:write", removeIssueLabel),
  route(`GET ${issue}/comments`, "issues:read", listComments),
  route(`POST ${issue}/comments`, "issues:write", createComment),
  route(`GET ${root}/issues/comments/{comment_id}`, "issues:read", (world, call) =>
    ok(presentComment(world, comment(world, call))),
  ),
  route(`PATCH ${root}/issues/comments/{comment_id}`, "issues:write", updateComment),
  route(`GET ${root}/labels`, "issues:read", (world, call) =>
    paginate(call, world.root, [...world.records.labels.values()], (entry) => presentLabel(world, entry)),
  ),
  route(`POST ${root}/labels`, "issues:write", createLabel),
  route(`GET ${root}/labels/{name}`, "issues:read", (world, call) => ok(presentLabel(world, label(world, call)))),
  route(`DELETE ${root}/labels/{name}`, "issues:write", deleteLabel),
];
