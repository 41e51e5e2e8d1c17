import { afterAll, describe, expect, test } from "vitest";
import { here, Repository, refusal, start } from "./support.ts";

const template = new Repository();
template.commit({ "a.txt": "1\n2\n", "dir/b.txt": "b\n" });
const second = template.commit({ "a.txt": "1\n2\n3\n" }, "second\n\nFixes-bad: 0123");
template.git("tag", "--annotate", "--message=release", "v1.0.0");
template.git("checkout", "--quiet", "-b", "feature/x", "main~1");
const side = template.commit({ "new file.txt": "n\n" }, "side");
template.git("checkout", "--quiet", "main");
afterAll(() => template.remove());

async function withBranches() {
  const world = await start({}, template);
  return { ...world, octokit: world.job({ contents: "write" }) };
}

describe("the git repository through the API", () => {
  test.each([
    ["ahead", "FIRST...main", { status: "ahead", ahead_by: 1, behind_by: 0, total_commits: 1 }],
    ["behind", "main...FIRST", { status: "behind", ahead_by: 0, behind_by: 1, total_commits: 0 }],
    ["identical", "v1.0.0...main", { status: "identical", ahead_by: 0, behind_by: 0, total_commits: 0 }],
    ["diverged", "main...feature/x", { status: "diverged", ahead_by: 1, behind_by: 1, total_commits: 1 }],
    ["with owners", "acme:main...acme:feature/x", { status: "diverged" }],
  ])("compare: %s", async (_, basehead, expected) => {
    const { octokit, sha } = await withBranches();
    const { data } = await octokit.repos.compareCommitsWithBasehead({
      ...here,
      basehead: basehead.replace("FIRST", sha),
    });
    expect(data).toMatchObject(expected);
  });

  test("a comparison carries its commits, merge base and files", async () => {
    const { octokit, sha } = await withBranches();
    const { data } = await octokit.repos.compareCommitsWithBasehead({ ...here, basehead: "main...feature/x" });
    expect(data.merge_base_commit.sha).toBe(sha);
    expect(data.commits.map((commit) => [commit.sha, commit.commit.message])).toEqual([[side, "side"]]);
    expect(data.files).toMatchObject([{ filename: "new file.txt", status: "added", additions: 1, deletions: 0 }]);
  });

  test("a commit carries its message with trailers, parents, author and what it changed", async () => {
    const { octokit, sha } = await withBranches();
    const { data } = await octokit.repos.getCommit({ ...here, ref: "v1.0.0" });
    expect(data).toMatchObject({
      sha: second,
      parents: [{ sha }],
      commit: { message: "second\n\nFixes-bad: 0123", author: { name: "Ada", email: "ada@example.com" } },
      stats: { additions: 1, deletions: 0, total: 1 },
      files: [{ filename: "a.txt", status: "modified" }],
    });
  });

  test("commits are listed newest first, of one path where that is asked for", async () => {
    const { octokit, sha } = await withBranches();
    const list = async (filter: object) =>
      (await octokit.repos.listCommits({ ...here, ...filter })).data.map((c) => c.sha);
    expect(await list({})).toEqual([second, sha]);
    expect(await list({ path: "dir/b.txt" })).toEqual([sha]);
    expect(await list({ path: ":(glob)**" })).toEqual([]);
  });

  test("contents: a file, raw or encoded, a folder, and nothing outside", async () => {
    const { octokit, sha } = await withBranches();
    const { data } = await octokit.repos.getContent({ ...here, path: "a.txt", ref: sha });
    expect(data).toMatchObject({ type: "file", encoding: "base64", size: 4, path: "a.txt" });
    expect(Buffer.from("content" in data ? data.content : "", "base64").toString()).toBe("1\n2\n");
    const raw = await octokit.repos.getContent({ ...here, path: "dir/b.txt", mediaType: { format: "raw" } });
    expect(raw.data).toBe("b\n");
    const folder = await octokit.repos.getContent({ ...here, path: "dir" });
    expect(folder.data).toMatchObject([{ type: "file", name: "b.txt", path: "dir/b.txt" }]);
    for (const path of ["none.txt", "../secret", "*.txt", "a.txt/b"]) {
      expect(await refusal(octokit.repos.getContent({ ...here, path }))).toMatchObject({ status: 404 });
    }
  });

  test("a ref is an atomic claim: of many who create it at once one wins", async () => {
    const { octokit, sha } = await withBranches();
    const tries = Array.from({ length: 6 }, () =>
      octokit.git.createRef({ ...here, ref: "refs/heads/lock/beta", sha }).then(
        ({ status }) => status,
        ({ status }: { status: number }) => status,
      ),
    );
    expect((await Promise.all(tries)).toSorted()).toEqual([201, 422, 422, 422, 422, 422]);
    await octokit.git.deleteRef({ ...here, ref: "heads/lock/beta" });
    expect(await refusal(octokit.git.getRef({ ...here, ref: "heads/lock/beta" }))).toMatchObject({ status: 404 });
  });

  test("tags point at commits also where they are annotated; branches may have slashes", async () => {
    const { octokit } = await withBranches();
    expect((await octokit.repos.listTags(here)).data).toMatchObject([{ name: "v1.0.0", commit: { sha: second } }]);
    const { data: ref } = await octokit.git.getRef({ ...here, ref: "tags/v1.0.0" });
    expect(ref.object.type).toBe("tag");
    const { data: branch } = await octokit.repos.getBranch({ ...here, branch: "feature/x" });
    expect(branch.commit.sha).toBe(side);
  });
});
