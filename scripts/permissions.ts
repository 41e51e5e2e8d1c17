/** A right of the job's token, in the words of a workflow's `permissions:`. */
export type Scope = "actions" | "contents" | "deployments" | "issues" | "statuses";

export interface Permission {
  readonly scope: Scope;
  readonly access: "read" | "write";
  readonly why: string;
}

export const actionNames = ["promote", "gate", "bake", "rollback"] as const;
export type ActionName = (typeof actionNames)[number];

const history: Permission = {
  scope: "contents",
  access: "read",
  why: "checkout, and how commits descend from each other",
};
const checkout: Permission = { scope: "contents", access: "read", why: "checkout" };
const record: Permission = { scope: "deployments", access: "write", why: "the ledger" };
const environment: Permission = {
  scope: "actions",
  access: "read",
  why: "whether the environment exists and is protected",
};

/** What each action's job needs, in the order of the alphabet; held to the code by test/contract/permissions.test.ts. */
export const actionPermissions: Readonly<Record<ActionName, readonly Permission[]>> = {
  promote: [
    environment,
    history,
    record,
    { scope: "issues", access: "read", why: "holds" },
    { scope: "statuses", access: "read", why: "the result of a stage without environment, such as `source`" },
  ],
  gate: [
    checkout,
    record,
    {
      scope: "statuses",
      access: "write",
      why: "the result of a stage without environment; other stages do not need it",
    },
  ],
  bake: [checkout, record],
  rollback: [
    { ...environment, why: `${environment.why}, and which machine's job failed` },
    checkout,
    record,
    { scope: "issues", access: "write", why: "the hold" },
  ],
};

/** What action-bake needs besides with the stage `*`, in watch.yml. */
export const watchPermissions: readonly Permission[] = [
  { scope: "actions", access: "write", why: "cancelling the run that waits for a bake which has failed" },
];

/** What one job needs that uses several actions: of each scope the stronger access. */
export function together(names: readonly ActionName[]): readonly Permission[] {
  const scopes = new Map<Scope, Permission>();
  for (const permission of names.flatMap((name) => actionPermissions[name])) {
    const known = scopes.get(permission.scope);
    if (!known || (known.access === "read" && permission.access === "write")) scopes.set(permission.scope, permission);
  }
  return [...scopes.values()].sort((a, b) => (a.scope < b.scope ? -1 : 1));
}

/** One line of YAML for `permissions:`. */
export function permissionsLine(permissions: readonly Permission[]): string {
  return `{ ${permissions.map(({ scope, access }) => `${scope}: ${access}`).join(", ")} }`;
}
