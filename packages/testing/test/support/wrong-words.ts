import { secret } from "./memory-provider.js";
import { sayingOfJobs, type WrongProvider } from "./wrong-provider.js";

/** Wrong in what they say of themselves, and of a job. */
export const wrongWords: readonly WrongProvider[] = [
  {
    fault: "speaks another version of the contract",
    change: () => ({ specVersion: 2 as never }),
    breaks: ["speaks version 1 of the contract"],
  },
  {
    fault: "has an id with a capital letter",
    change: () => ({ id: "OpenAI" }),
    breaks: ["has an id that is lower-case and stays the same"],
  },
  {
    fault: "has a setting that is undefined",
    change: () => ({ settings: { region: undefined } as never }),
    breaks: ["has settings that are plain JSON, so that storing them loses nothing"],
  },
  {
    fault: "has its key among its settings",
    change: () => ({ settings: { apiKey: secret } }),
    breaks: ["keeps its secret out of all that is stored: settings, uploads, jobs and journals"],
  },
  {
    fault: "takes a line that is longer than a job",
    change: (right) => ({
      async traits(context) {
        return { ...(await right.traits(context)), maxLineBytes: 1e12 };
      },
    }),
    breaks: ["has limits that are whole numbers from 1 on and do not contradict each other"],
  },
  {
    fault: "does not say how a lost create is found again",
    change: (right) => ({
      async traits(context) {
        return { ...(await right.traits(context)), recovery: undefined as never };
      },
    }),
    breaks: ["says how a lost create is found again, and whether a job has one model"],
  },
  {
    fault: "does not pass on the service's word for the status",
    change: sayingOfJobs((job) => ({ ...job, rawStatus: "" })),
    breaks: ["gives back the new job with its id, its status and the provider's word for it"],
  },
  {
    fault: "gives every job the same id",
    change: sayingOfJobs((job) => ({ ...job, id: "job-1" })),
    breaks: ["gives two jobs of the same input two ids"],
  },
  {
    fault: "tells in seconds when a job was created",
    change: sayingOfJobs((job) => ({ ...job, createdAt: job.createdAt / 1000 })),
    breaks: ["tells in milliseconds, not in seconds, when the job was created"],
  },
  {
    fault: "says neither the tag nor the input of a job",
    change: sayingOfJobs(({ tag, inputId, ...job }) => job),
    breaks: [
      "shows in its list the job of a create whose answer was lost, with its tag or input",
      "lists a job with the tag or the input it was created with",
    ],
  },
  {
    fault: "gives a job another tag",
    change: sayingOfJobs((job) => ({ ...job, tag: "another" })),
    breaks: ["gives back no other tag and no other input than the job was created with"],
  },
  {
    fault: "names its own address as what a job asks",
    change: sayingOfJobs((job) => ({ ...job, endpoint: "/v1/batches" })),
    breaks: ["names no other endpoint than the one the job asks"],
  },
  {
    fault: "gives a job a field that is undefined",
    change: sayingOfJobs((job) => ({ ...job, counts: undefined }) as never),
    breaks: ["gives back jobs that are plain JSON, so that storing them loses nothing"],
  },
  {
    fault: "takes its own clock for the time of a job",
    change: (right) => {
      let now = 1_800_000_000_000;
      return sayingOfJobs((job) => {
        now += 1;
        return { ...job, createdAt: now };
      })(right);
    },
    breaks: ["says the same of a job when it is created, asked for and listed"],
  },
  {
    fault: "says of a job that has ended that it goes on",
    change: sayingOfJobs((job) => ({ ...job, status: "in_progress" })),
    breaks: [
      "sees that a job is completed",
      "cancels a job, also one that is being cancelled already, and sees it end",
    ],
  },
  {
    fault: "does not say why a job failed",
    change: sayingOfJobs(({ failure, ...job }) => job),
    breaks: ["says of a job that failed as a whole what kind of failure it was, and why"],
  },
];
