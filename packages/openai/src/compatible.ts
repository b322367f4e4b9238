export type { AskedService } from "./asked-service.js";
export { type CompatibleOptions, compatibleProvider } from "./compatible-provider.js";
export { signalOf } from "./request-options.js";
export type { ServiceCaller } from "./service-caller.js";
export { type ServiceFiles, serviceFiles } from "./service-files.js";
export type { ServiceProfile } from "./service-profile.js";
