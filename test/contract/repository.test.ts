import { describe, expect, it } from "vitest";
import { actionNames, actionPermissions, watchPermissions } from "../../scripts/permissions.ts";
import { action, read, repositoryFiles, workflowFiles } from "./repository.ts";

const packageFile = JSON.parse(read("package.json")) as {
  private?: boolean;
  license?: string;
  bin?: Record<string, string>;
  devDependencies: Record<string, string>;
  dependencies: Record<string, string>;
};

describe("one Node version", () => {
  const version = read(".node-version").trim();

  it("runs the scripts that .node-version names", () => {
    expect(packageFile.devDependencies["node"]).toBe(version);
    expect(process.versions.node).toBe(version);
  });

  it("of the same major runs the actions", () => {
    const [major] = version.split(".");
    for (const name of actionNames) expect(action(`action-${name}`).runs.using).toBe(`node${major}`);
  });

  it("is nowhere said a second time in a workflow", () => {
    for (const file of workflowFiles) expect(read(`.github/workflows/${file}`)).not.toMatch(/node-version:/);
  });
});

describe("the package", () => {
  it("is private, under the MIT license, and brings the command rocksolid", () => {
    expect(packageFile).toMatchObject({ private: true, license: "MIT", bin: { rocksolid: "build/src/cli/main.js" } });
    expect(read("LICENSE")).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} Rocksolid contributors\n/);
  });

  it("pins every dependency", () => {
    const versions = Object.values({ ...packageFile.dependencies, ...packageFile.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it("names every dependency with its reason in docs/architecture.md", () => {
    const text = read("docs/architecture.md");
    const names = Object.keys({ ...packageFile.dependencies, ...packageFile.devDependencies });
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

it("names no registry's host and no path of somebody's machine", () => {
  // Built from parts, so that this file does not name them itself.
  const hosts = [
    ["registry", "npmjs", "org"],
    ["registry", "yarnpkg", "com"],
    ["pypi", "org"],
    ["proxy", "golang", "org"],
  ];
  const folders = ["root", "home", "Users", "work"];
  const pattern = new RegExp(
    `${hosts.map((parts) => parts.join("\\.")).join("|")}|(?<![\\w.$}*~-])/(?:${folders.join("|")})/[\\w.-]`,
  );
  const found = repositoryFiles()
    .filter((path) => !path.startsWith("dist/") && !path.startsWith("rehearsal/github/api/"))
    .flatMap((path) =>
      read(path)
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
    );
  expect(found).toEqual([]);
});

it("the rights in the actions' READMEs are those that the code names when GitHub refuses", () => {
  const sources = repositoryFiles().filter((path) => /^src\/.*(?<!\.test)\.ts$/.test(path));
  const rank = { read: 1, write: 2 } as const;
  const strongest = (pairs: readonly (readonly [string, "read" | "write"])[]) => {
    const rights: Record<string, "read" | "write"> = {};
    for (const [scope, access] of pairs) {
      const known = rights[scope];
      if (!known || rank[access] > rank[known]) rights[scope] = access;
    }
    return rights;
  };
  const named = sources.flatMap((path) =>
    [...read(path).matchAll(/needs: "(\w+): (read|write)"/g)].map(
      (match) => [match[1] ?? "", match[2] as "read" | "write"] as const,
    ),
  );
  const documented = [...Object.values(actionPermissions), watchPermissions].flatMap((permissions) =>
    permissions.map(({ scope, access }) => [scope, access] as const),
  );
  expect(strongest(documented)).toEqual(strongest(named));
});
