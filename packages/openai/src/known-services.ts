import { openaiProfile } from "./openai-profile.js";
import type { ServiceProfile } from "./service-profile.js";

/** The services whose facts are known; `unknown` is every other one, and any gateway of your own. */
export type ServiceName =
  | "openai"
  | "groq"
  | "together"
  | "deepinfra"
  | "parasail"
  | "nebius"
  | "doubleword"
  | "siliconflow"
  | "dashscope"
  | "unknown";

/** A service, and where it is. */
export interface KnownService {
  /** The hosts of its API; their subdomains are its own as well. */
  readonly hosts: readonly string[];
  readonly profile: ServiceProfile;
}

const chat = "/v1/chat/completions";
const completions = "/v1/completions";
const embeddings = "/v1/embeddings";

/**
 * What each service takes, by its own documentation. Where two pages differ the smaller number counts;
 * where none says anything there is none here, and the service decides.
 */
export const knownServices: Readonly<Record<ServiceName, KnownService>> = {
  openai: { hosts: ["api.openai.com"], profile: openaiProfile },

  /**
   * Groq documentation, Batch API: 50,000 lines, 200 MB, windows from 24 hours to 7 days, `metadata`
   * on the job. npm `groq-sdk` 1.6.0, `resources/batches.d.ts`: chat completions only, and 100 MB.
   */
  groq: {
    hosts: ["api.groq.com"],
    profile: {
      name: "Groq",
      maxRequests: 50_000,
      maxBytes: 100_000_000,
      oneModel: true,
      endpoints: [chat],
      completionWindows: ["24h", "7d"],
      keepsMetadata: true,
      keyVariable: "GROQ_API_KEY",
    },
  },

  /**
   * npm `together-ai` 0.52.0, `resources/batches.d.ts`: chat completions, the purpose `batch-api`, no
   * metadata on a job. Together documentation, batch overview: 50,000 requests, 100 MB; batch tutorial:
   * 10 MB a line, ids of 64 characters, and uploads to `/files/upload`, with the file's name.
   */
  together: {
    hosts: ["api.together.ai", "api.together.xyz"],
    profile: {
      name: "Together",
      maxRequests: 50_000,
      maxBytes: 100_000_000,
      maxLineBytes: 10_000_000,
      oneModel: true,
      endpoints: [chat],
      customIdPattern: "^[^]{1,64}$",
      uploadPath: "/files/upload",
      fileNameField: "file_name",
      filePurpose: "batch-api",
      keepsMetadata: false,
      keyVariable: "TOGETHER_API_KEY",
    },
  },

  /** DeepInfra documentation, Batch API: these endpoints and no other, 50,000 lines, 200 MB, `24h`. */
  deepinfra: {
    hosts: ["api.deepinfra.com"],
    profile: {
      name: "DeepInfra",
      maxRequests: 50_000,
      maxBytes: 200_000_000,
      oneModel: true,
      endpoints: [chat, completions, embeddings],
      completionWindows: ["24h", "24h"],
      keepsMetadata: true,
      keyVariable: "DEEPINFRA_API_KEY",
    },
  },

  /** Parasail's own helper (`parasail-ai/openai-batch`, `providers.py`): 50,000 requests, 500 MB, any models. */
  parasail: {
    hosts: ["api.parasail.io"],
    profile: {
      name: "Parasail",
      maxRequests: 50_000,
      maxBytes: 500_000_000,
      oneModel: false,
      endpoints: [chat, embeddings],
      keyVariable: "PARASAIL_API_KEY",
    },
  },

  /** Its own limits could not be confirmed and are said to be far higher: OpenAI's count. */
  nebius: {
    hosts: ["api.tokenfactory.nebius.com", "api.studio.nebius.ai"],
    profile: {
      name: "Nebius",
      maxRequests: 50_000,
      maxBytes: 200_000_000,
      oneModel: true,
      keyVariable: "NEBIUS_API_KEY",
    },
  },

  /**
   * Doubleword's open-source control layer (`doublewordai/control-layer`, `config.yaml`,
   * `api/models/batches.rs`): 100 MB as configured by default, no limit on lines, ids of 64 printable
   * ASCII characters, `metadata` kept, and windows of its own, such as `1h` and `background`.
   */
  doubleword: {
    hosts: ["api.doubleword.ai"],
    profile: {
      name: "Doubleword",
      maxRequests: 50_000,
      maxBytes: 100_000_000,
      oneModel: true,
      customIdPattern: "^[ -~]{1,64}$",
      keepsMetadata: true,
      keyVariable: "DOUBLEWORD_API_KEY",
    },
  },

  /** SiliconFlow documentation, batch: 5,000 lines, 1 GB, chat completions, one model. */
  siliconflow: {
    hosts: ["api.siliconflow.cn", "api.siliconflow.com"],
    profile: {
      name: "SiliconFlow",
      maxRequests: 5000,
      maxBytes: 1_000_000_000,
      oneModel: true,
      endpoints: [chat],
      keyVariable: "SILICONFLOW_API_KEY",
    },
  },

  /**
   * Alibaba Cloud Model Studio documentation, OpenAI-compatible batch: both hosts, 50,000 lines, 500 MB
   * (100 MB in DashScope's own, which came before it), 6 MB a line, windows from 24 hours to 14 days,
   * `metadata` on the job.
   */
  dashscope: {
    hosts: ["dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"],
    profile: {
      name: "DashScope",
      maxRequests: 50_000,
      maxBytes: 500_000_000,
      maxLineBytes: 6_000_000,
      oneModel: true,
      endpoints: [chat, embeddings],
      completionWindows: ["24h", "14d"],
      keepsMetadata: true,
      keyVariable: "DASHSCOPE_API_KEY",
    },
  },

  /** What nearly every service of this kind takes at least. */
  unknown: {
    hosts: [],
    profile: {
      name: "This service",
      maxRequests: 50_000,
      maxBytes: 100_000_000,
      oneModel: true,
    },
  },
};
