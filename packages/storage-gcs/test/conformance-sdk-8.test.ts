import { proveSdk } from "./support/prove-sdk.js";

// A file for each SDK, so that they run side by side.
proveSdk("@google-cloud/storage 8");
