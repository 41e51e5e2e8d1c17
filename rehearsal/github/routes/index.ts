import type { Route } from "../router.ts";
import { actionRoutes } from "./actions.ts";
import { checkRoutes } from "./checks.ts";
import { commitRoutes } from "./commits.ts";
import { deploymentRoutes } from "./deployments.ts";
import { dispatchRoutes } from "./dispatches.ts";
import { environmentRoutes } from "./environments.ts";
import { issueRoutes } from "./issues.ts";
import { metaRoutes } from "./meta.ts";
import { repositoryRoutes } from "./repository.ts";

/** Every REST route that the embedded GitHub carries, with the permission a job's token needs for it. */
export const routes: readonly Route[] = [
  ...deploymentRoutes,
  ...environmentRoutes,
  ...issueRoutes,
  ...repositoryRoutes,
  ...commitRoutes,
  ...checkRoutes,
  ...actionRoutes,
  ...dispatchRoutes,
  ...metaRoutes,
];
