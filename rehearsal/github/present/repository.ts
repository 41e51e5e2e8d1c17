import type { JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { simpleUser } from "./people.ts";

/** The addresses below a repository, by the names that GitHub gives them. */
const LINKS: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

/** The repository in the form that other objects carry. */
export function minimalRepository(world: World): JsonObject {
  return {
    id: world.repositoryId,
    node_id: nodeId("Repository", world.repositoryId),
    name: world.name,
    full_name: `${world.owner}/${world.name}`,
    owner: simpleUser(world, world.owner),
    private: true,
    html_url: pageUrl(world),
    description: null,
    fork: false,
    url: apiUrl(world),
    ...Object.fromEntries(Object.entries(LINKS).map(([name, path]) => [name, apiUrl(world, path)])),
  };
}

/** The repository in full. */
export function fullRepository(world: World): JsonObject {
  const page = pageUrl(world);
  const born = timestamp(0);
  const openIssues = [...world.records.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    ...minimalRepository(world),
    git_url: `${page}.git`,
    ssh_url: `${page}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 0,
    default_branch: world.defaultBranch,
    open_issues_count: openIssues,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: "private",
    pushed_at: born,
    created_at: born,
    updated_at: born,
    subscribers_count: 0,
    network_count: 0,
    license: null,
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
  };
}
