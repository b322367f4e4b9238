/** How many requests the goals are about. */
export const usualRequests = 100_000;

/** Of the processor, user and system: waiting for a server is not ours to shorten. */
export const mostTimesTheFloor = 2;
export const mostPeakMegabytes = 250;

/** The peak of a million requests, as a multiple of the one of {@link usualRequests}. */
export const mostGrowth = 1.35;
