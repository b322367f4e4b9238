import { secret } from "./memory-provider.js";
import { sayingOfJobs, type WrongProvider } from "./wrong-provider.js";

/** Wrong in what they say of the account. */
export const wrongAccounts: readonly WrongProvider[] = [
  {
    fault: "names another account after the first answer",
    change: (right) => ({
      account: async (context) => (await right.account(context)).replace("memory.test/", ""),
    }),
    breaks: [
      "names the same account at all times, at most its beginning before the first answer",
      "says of each job that it is in the account it names itself",
    ],
  },
  {
    fault: "names another account whenever it is asked",
    change: (right) => {
      let asked = 0;
      return {
        async account(context) {
          asked += 1;
          return `${await right.account(context)}/${asked}`;
        },
      };
    },
    breaks: ["names the same account at all times, at most its beginning before the first answer"],
  },
  {
    fault: "has no name for the account",
    change: () => ({ account: async () => "" }),
    breaks: ["names the same account at all times, at most its beginning before the first answer"],
  },
  {
    fault: "does not say in which account a job is",
    change: sayingOfJobs(({ account, ...job }) => job),
    breaks: ["says of each job that it is in the account it names itself"],
  },
  {
    fault: "takes a name that begins alike for the same account",
    change: sayingOfJobs((job) => ({ ...job, account: `${job.account}-2` })),
    breaks: ["says of each job that it is in the account it names itself"],
  },
  {
    fault: "names its account after its key",
    change: () => ({ account: async () => `memory.test/${secret}` }),
    breaks: ["keeps its secret out of the name of the account"],
  },
];
