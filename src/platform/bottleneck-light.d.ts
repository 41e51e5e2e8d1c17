// The light build is the one that the throttling plugin loads; the package ships types for its full build only.
declare module "bottleneck/light.js" {
  export { default } from "bottleneck";
}
