export interface Person {
  readonly name: string;
  readonly email: string;
  /** Milliseconds since the epoch. */
  readonly date: number;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

function person(text: string): Person {
  const match = /^(.*?) ?<(.*)> (-?\d+) [+-]\d{4}$/.exec(text);
  return { name: match?.[1] ?? "", email: match?.[2] ?? "", date: Number(match?.[3] ?? 0) * 1000 };
}

/** Reads the raw form of a commit object. */
export function parseCommit(sha: string, raw: string): Commit {
  const end = raw.indexOf("\n\n");
  const head = end < 0 ? raw : raw.slice(0, end);
  const lines = head.split("\n");
  const values = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    sha,
    tree: values("tree")[0] ?? "",
    parents: values("parent"),
    author: person(values("author")[0] ?? ""),
    committer: person(values("committer")[0] ?? ""),
    message: end < 0 ? "" : raw.slice(end + 2).replace(/\n$/, ""),
  };
}

export interface FileChange {
  readonly path: string;
  readonly previous: string | undefined;
  readonly sha: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  readonly additions: number;
  readonly deletions: number;
}

const STATUSES: Readonly<Record<string, FileChange["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** Reads `git diff-tree -r -z --raw --numstat --no-abbrev`. */
export function parseChanges(output: string): FileChange[] {
  const fields = output.split("\0");
  const changes: Omit<FileChange, "additions" | "deletions">[] = [];
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let i = 0; i < fields.length; i += 1) {
    const field = fields[i] ?? "";
    const raw = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(field);
    const count = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    if (raw !== null) {
      const letter = raw[3] ?? "";
      const first = fields[++i] ?? "";
      const moved = letter === "R" || letter === "C";
      const path = moved ? (fields[++i] ?? "") : first;
      const sha = letter === "D" ? (raw[1] ?? "") : (raw[2] ?? "");
      changes.push({ path, previous: moved ? first : undefined, sha, status: STATUSES[letter] ?? "changed" });
    } else if (count !== null) {
      let path = count[3] ?? "";
      if (path === "") {
        i += 2;
        path = fields[i] ?? "";
      }
      counts.set(path, { additions: Number(count[1]) || 0, deletions: Number(count[2]) || 0 });
    }
  }
  return changes.map((change) => ({ ...change, ...(counts.get(change.path) ?? { additions: 0, deletions: 0 }) }));
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

/** Reads `git ls-tree -z -l`. */
export function parseTree(output: string): TreeEntry[] {
  return output.split("\0").flatMap((line) => {
    const match = /^(\d+) (blob|tree|commit) ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(line);
    if (match === null) return [];
    const [, mode = "", type, sha = "", size, path = ""] = match;
    return [{ mode, type: type as TreeEntry["type"], sha, size: Number(size) || 0, path }];
  });
}
