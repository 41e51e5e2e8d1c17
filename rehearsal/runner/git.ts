import { execFile } from "node:child_process";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { PlatformError } from "../../src/platform/errors.ts";

/** Runs git and answers its standard output. Throws a PlatformError with git's own words when it fails. */
export function git(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    // Inside a git hook these name another repository.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
    const options = { env: { ...Object.fromEntries(own), ...env }, maxBuffer: 256 * 1024 * 1024 };
    execFile("git", [...args], options, (error, stdout, stderr) => {
      if (error) reject(new PlatformError(`git ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}

/** A git repository on this machine, read only. */
export class Repository {
  readonly directory: string;
  #common: Promise<string> | undefined;
  /** Full SHAs that were seen to be commits. */
  readonly #commits = new Set<string>();

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The commit that a ref, tag, branch or abbreviated sha names. */
  async commit(ref: string): Promise<string> {
    if (this.#commits.has(ref)) return ref;
    const sha = (await git(["-C", this.directory, "rev-parse", "--verify", "--quiet", `${ref}^{commit}`])).trim();
    this.#commits.add(sha);
    return sha;
  }

  /** Writes the files of a commit to an empty folder. */
  async export(sha: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const gitDirectory = await this.commonDirectory();
    const index = `${folder}.index`;
    await git(["-C", folder, "--git-dir", gitDirectory, "--work-tree", folder, "checkout", "--quiet", sha, "--", "."], {
      GIT_INDEX_FILE: index,
    });
    await rm(index, { force: true });
  }

  /** The folder that holds the objects, also where `directory` is a worktree. */
  commonDirectory(): Promise<string> {
    this.#common ??= this.#findCommonDirectory();
    return this.#common;
  }

  async #findCommonDirectory(): Promise<string> {
    const plain = path.resolve(this.directory, ".git");
    const info = await stat(plain).catch(() => undefined);
    if (info?.isDirectory()) return plain;
    return (await git(["-C", this.directory, "rev-parse", "--path-format=absolute", "--git-common-dir"])).trim();
  }

  /**
   * Makes `folder` a fresh work tree of the commit, with a repository of its own that borrows the objects: `git log`
   * and `git diff` work in it, and nothing that a workflow does there reaches the user's repository.
   * `depth` 1 hides the history as GitHub's checkout does, 0 brings all of it with all branches and tags.
   */
  async checkout(folder: string, checkout: { sha: string; ref: string; depth: number; url: string }): Promise<void> {
    const common = await this.commonDirectory();
    await mkdir(folder, { recursive: true });
    for (const entry of await readdir(folder)) await rm(path.join(folder, entry), { recursive: true, force: true });
    const dot = path.join(folder, ".git");
    await mkdir(path.join(dot, "objects", "info"), { recursive: true });
    await mkdir(path.join(dot, "refs"), { recursive: true });
    const branch = /^refs\/heads\/(.+)$/.exec(checkout.ref)?.[1];
    const refs = [
      ...(await this.#refs(checkout)),
      ...(branch === undefined ? [] : [`${checkout.sha} ${checkout.ref}`]),
    ];
    await Promise.all([
      writeFile(path.join(dot, "objects", "info", "alternates"), `${path.join(common, "objects")}\n`),
      writeFile(path.join(dot, "HEAD"), branch === undefined ? `${checkout.sha}\n` : `ref: ${checkout.ref}\n`),
      writeFile(
        path.join(dot, "packed-refs"),
        refs
          .map((ref) => `${ref}\n`)
          .sort()
          .join(""),
      ),
      writeFile(
        path.join(dot, "config"),
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n[gc]\n\tauto = 0\n" +
          `[remote "origin"]\n\turl = ${common}\n\tpushurl = ${checkout.url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
      ),
      ...(checkout.depth === 0 ? [] : [writeFile(path.join(dot, "shallow"), await this.#boundary(checkout))]),
    ]);
    await git(["-C", folder, "reset", "--hard", "--quiet", checkout.sha]);
  }

  async #refs({ sha, ref, depth }: { sha: string; ref: string; depth: number }): Promise<string[]> {
    if (depth === 0) {
      const all = await git([
        "-C",
        this.directory,
        "for-each-ref",
        "--format=%(objectname) %(refname)",
        "refs/heads",
        "refs/tags",
      ]);
      return all
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.replace(" refs/heads/", " refs/remotes/origin/"));
    }
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (branch !== undefined) return [`${sha} refs/remotes/origin/${branch}`];
    return ref.startsWith("refs/tags/") ? [`${sha} ${ref}`] : [];
  }

  async #boundary({ sha, depth }: { sha: string; depth: number }): Promise<string> {
    if (depth === 1) return `${sha}\n`;
    const inside = await git(["-C", this.directory, "rev-list", `--max-count=${depth}`, "--first-parent", sha]);
    const last = inside.trim().split("\n").at(-1);
    return `${last ?? sha}\n`;
  }
}
