import type { Route } from "../router.ts";
import { deploymentRoutes } from "./deployments.ts";
import { environmentRoutes } from "./environments.ts";
import { issueRoutes } from "./issues.ts";

/** Every REST route that the embedded GitHub carries. */
export const routes: readonly Route[] = [...deploymentRoutes, ...environmentRoutes, ...issueRoutes];
