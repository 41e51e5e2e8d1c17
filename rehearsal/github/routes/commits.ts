import { type Answer, type JsonObject, notFound, ok } from "../answer.ts";
import { paginate } from "../pagination.ts";
import { presentCommit, presentFile } from "../present/commits.ts";
import { type Call, type Route, route } from "../router.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";

/** GitHub's limit on the files of a commit or comparison. */
const MOST_FILES = 300;
/** GitHub's number of commits in a comparison that is asked for without pages. */
const COMPARED_COMMITS = 250;

/** The SHA of the commit that a call names; 404 where there is none. */
export async function commitOf(world: World, name: string): Promise<string> {
  const found = await world.git.commitOf(name === "HEAD" ? world.defaultBranch : name);
  if (found === undefined) throw notFound();
  return found.sha;
}

async function presented(world: World, sha: string): Promise<JsonObject> {
  return presentCommit(world, await world.git.commit(sha));
}

async function list(world: World, call: Call): Promise<Answer> {
  const start = await commitOf(world, call.query.get("sha") ?? world.defaultBranch);
  const filter: { path?: string; author?: string; since?: string; until?: string } = {};
  for (const key of ["path", "author", "since", "until"] as const) {
    const value = call.query.get(key);
    if (value !== null) filter[key] = value;
  }
  return paginate(call, world.root, await world.git.log(start, filter), (sha) => presented(world, sha));
}

async function get(world: World, call: Call): Promise<Answer> {
  const sha = await commitOf(world, call.params["ref"] ?? "");
  const commit = await world.git.commit(sha);
  const files = await world.git.changes(commit.parents[0], sha);
  const sum = (key: "additions" | "deletions"): number => files.reduce((total, file) => total + file[key], 0);
  const stats = { additions: sum("additions"), deletions: sum("deletions") };
  return ok({
    ...presentCommit(world, commit),
    stats: { ...stats, total: stats.additions + stats.deletions },
    files: files.slice(0, MOST_FILES).map((file) => presentFile(world, file, sha)),
  });
}

async function compare(world: World, call: Call): Promise<Answer> {
  const basehead = call.params["basehead"] ?? "";
  const dots = basehead.indexOf("...");
  if (dots < 0) throw notFound();
  const owned = `${world.owner}:`;
  const side = (name: string): Promise<string> =>
    commitOf(world, name.startsWith(owned) ? name.slice(owned.length) : name);
  const base = await side(basehead.slice(0, dots));
  const head = await side(basehead.slice(dots + 3));
  const mergeBase = await world.git.mergeBase(base, head);
  if (mergeBase === undefined) throw notFound();
  const [ahead, behind] = await Promise.all([world.git.range(base, head), world.git.range(head, base)]);
  const status =
    ahead.length > 0 ? (behind.length > 0 ? "diverged" : "ahead") : behind.length > 0 ? "behind" : "identical";
  const paged = call.query.has("page") || call.query.has("per_page");
  const size = Math.min(Number(call.query.get("per_page") ?? COMPARED_COMMITS) || COMPARED_COMMITS, 100);
  const page = Number(call.query.get("page") ?? 1) || 1;
  const shown = paged ? ahead.slice((page - 1) * size, page * size) : ahead.slice(-COMPARED_COMMITS);
  const files = page === 1 ? await world.git.changes(mergeBase, head) : [];
  const html = pageUrl(world, `/compare/${encodeURIComponent(basehead).replaceAll("%2F", "/")}`);
  return ok({
    url: apiUrl(world, `/compare/${encodeURIComponent(basehead)}`),
    html_url: html,
    permalink_url: pageUrl(world, `/compare/${base}...${head}`),
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await presented(world, base),
    merge_base_commit: await presented(world, mergeBase),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: await Promise.all(shown.map((sha) => presented(world, sha))),
    files: files.slice(0, MOST_FILES).map((file) => presentFile(world, file, head)),
  });
}

const root = "/repos/{owner}/{repo}";

export const commitRoutes: readonly Route[] = [
  route(`GET ${root}/commits`, "contents:read", list),
  route(`GET ${root}/commits/{ref}`, "contents:read", get),
  route(`GET ${root}/compare/{basehead}`, "contents:read", compare),
];
