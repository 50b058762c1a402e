/** The second output of cemm-realtime: whether a CEMM answers, sent when that changes. */
import type { NodeMessage } from "node-red";
import { type Answer, CemmError, type CemmErrorCode, policyOf, RecentMap } from "../../lib/internal.js";
import type { MeterRef } from "./device-field.js";
import { defaultTopic, originOf } from "./message.js";

/** What is available or not: a meter of a CEMM, as it was asked for. */
type Subject = Pick<MeterRef, "deviceKey" | "device" | "alias">;

interface State {
  payload: "online" | "offline";
  /** The last answer. */
  answer?: Answer | undefined;
}

/** Maximum number of subjects kept; the least recently changed is dropped first. */
const MAX_SUBJECTS = 10_000;

export class Availability {
  readonly #states = new RecentMap<State>(MAX_SUBJECTS);

  /** `topic`: the node's own; blank: each subject's. */
  constructor(
    private readonly topic: string,
    private readonly send: (msg: NodeMessage) => void,
  ) {}

  answered(subject: Subject, answer: Answer): void {
    const state = this.#states.get(keyOf(subject));
    if (state?.payload === "online") state.answer = answer;
    else this.#change(subject, { payload: "online", answer });
  }

  /** Ignores errors that do not concern the CEMM, and the reason of an abort. */
  failed(subject: Subject, error: unknown): void {
    if (!(error instanceof CemmError) || policyOf(error)?.callerError) return;
    const state = this.#states.get(keyOf(subject));
    if (state?.payload !== "offline") this.#change(subject, { payload: "offline", answer: state?.answer }, error.code);
  }

  #change(subject: Subject, state: State, code?: CemmErrorCode): void {
    this.#states.set(keyOf(subject), state);
    this.send({
      payload: state.payload,
      topic: `${this.topic || defaultTopic(subject, "realtime", state.answer?.uid)}/availability`,
      ...(state.answer && { cemm: originOf(state.answer, subject.device) }),
      since: Date.now(),
      ...(code && { code }),
    });
  }
}

function keyOf({ deviceKey = "", alias }: Subject): string {
  return `${alias} ${deviceKey}`;
}
