import { randomBytes } from "node:crypto";
import { Refusal } from "./google-error.js";
import type { ObjectMetadata } from "./object-metadata.js";
import type { StoredObject } from "./object-store.js";
import type { Preconditions } from "./preconditions.js";
import type { Spool } from "./spool.js";

/** A resumable upload under way: Cloud Storage, "Resumable uploads". */
export interface UploadSession {
  readonly id: string;
  readonly bucket: string;
  readonly name: string;
  readonly metadata: ObjectMetadata;
  /** Given when it starts, and looked at once more when it ends. */
  readonly preconditions: Preconditions;
  readonly spool: Spool;
  /** What it has become; a session that is done goes on to say so. */
  done: StoredObject | undefined;
  /** Whether a request is writing to it. */
  busy: boolean;
}

/** All sessions that are neither cancelled nor unknown. */
export interface UploadSessions {
  start(session: Omit<UploadSession, "id" | "done" | "busy">): UploadSession;
  /** @throws Refusal where there is no such session, or it was cancelled. */
  get(id: string): UploadSession;
  forget(id: string): void;
  /** How many have not become an object yet. */
  open(): number;
}

/** No session yet. */
export function createUploadSessions(): UploadSessions {
  const sessions = new Map<string, UploadSession>();
  return {
    start(session) {
      const started: UploadSession = {
        ...session,
        // Whoever knows it may write: it is as good as a key, and as long.
        id: randomBytes(48).toString("base64url"),
        done: undefined,
        busy: false,
      };
      sessions.set(started.id, started);
      return started;
    },
    get(id) {
      const session = sessions.get(id);
      if (!session) throw new Refusal(404, "Upload session not found.");
      return session;
    },
    forget: (id) => void sessions.delete(id),
    open: () => [...sessions.values()].filter(({ done }) => done === undefined).length,
  };
}
