import type { JsonObject } from "../answer.ts";
import type { Commit, FileChange, Person } from "../git/parse.ts";
import { nodeId, timestamp } from "../names.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";

function presentPerson(person: Person): JsonObject {
  return { name: person.name, email: person.email, date: timestamp(person.date) };
}

/** A path with its separators kept. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** A commit as REST shows it in lists. The authors' accounts are not known from git and stay null. */
export function presentCommit(world: World, commit: Commit): JsonObject {
  const url = apiUrl(world, `/commits/${commit.sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    commit: {
      author: presentPerson(commit.author),
      committer: presentPerson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: apiUrl(world, `/git/trees/${commit.tree}`) },
      url: apiUrl(world, `/git/commits/${commit.sha}`),
      comment_count: 0,
      verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
    },
    url,
    html_url: pageUrl(world, `/commit/${commit.sha}`),
    comments_url: `${url}/comments`,
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({
      sha,
      url: apiUrl(world, `/commits/${sha}`),
      html_url: pageUrl(world, `/commit/${sha}`),
    })),
  };
}

/** A changed file of a commit or a comparison. */
export function presentFile(world: World, file: FileChange, sha: string): JsonObject {
  const path = encodePath(file.path);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: pageUrl(world, `/blob/${sha}/${path}`),
    raw_url: pageUrl(world, `/raw/${sha}/${path}`),
    contents_url: apiUrl(world, `/contents/${path}?ref=${sha}`),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}

/** A commit of its SHA. */
export async function presentMergeCommit(world: World, sha: string): Promise<JsonObject> {
  return presentCommit(world, await world.git.commit(sha));
}
