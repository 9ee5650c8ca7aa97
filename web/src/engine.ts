/** Asks the worker, one question at a time, and ends one that takes too long. */
import type { Answer } from "./answer.js";
import type { Question, Reply } from "./worker.js";

/** How long a call may take, in milliseconds: a hundred times what a large context takes. */
const LIMIT = 3000;

/** How long the worker may take to start: a slow machine has a megabyte to compile. */
const START_LIMIT = 30_000;

/** Why there is no answer: a sentence. */
export type Fault = string;

/** What whoever asks is told. */
export interface Listener {
  ready(schema: Record<string, unknown>, version: string): void;
  /** An answer to the latest context, or to one before it while that is worked on. */
  answered(answer: Answer, context: string): void;
  failed(fault: Fault): void;
}

/** The component, in a worker. Of contexts that come while it works only the latest is asked about. */
export class Engine {
  readonly #address: string;
  readonly #listener: Listener;
  #worker: Worker | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReady = false;
  /** What the worker works on. */
  #asked: Question | undefined;
  /** What comes next. */
  #waiting: string | undefined;
  #id = 0;

  constructor(program: string, listener: Listener) {
    this.#address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    this.#listener = listener;
    this.#start();
  }

  /** Asks about a context. */
  ask(context: string): void {
    this.#waiting = this.#asked?.context === context ? undefined : context;
    if (this.#worker === undefined) {
      this.#start();
    }
    this.#next();
  }

  #start(): void {
    const worker = new Worker(this.#address);
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      this.#hear(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(`The component stopped: ${event.message || "the browser could not start it"}.`);
    });
    this.#worker = worker;
    this.#limit(START_LIMIT);
  }

  #next(): void {
    if (this.#isReady && this.#asked === undefined && this.#waiting !== undefined) {
      this.#asked = { id: ++this.#id, context: this.#waiting };
      this.#waiting = undefined;
      this.#worker?.postMessage(this.#asked);
      this.#limit(LIMIT);
    }
  }

  #hear(reply: Reply): void {
    clearTimeout(this.#timer);
    if (reply.is === "ready") {
      this.#isReady = true;
      this.#listener.ready(reply.schema, reply.version);
    } else if (reply.id === this.#asked?.id) {
      const { context } = this.#asked;
      this.#asked = undefined;
      this.#listener.answered(reply.answer, context);
    }
    this.#next();
  }

  #limit(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#fail(`The component took longer than ${milliseconds / 1000} seconds and was stopped.`);
    }, milliseconds);
  }

  /** Ends the worker; the next question starts another. */
  #fail(fault: Fault): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#asked = undefined;
    // One that cannot even start is not tried for ever.
    if (!this.#isReady) {
      this.#waiting = undefined;
    }
    this.#isReady = false;
    this.#listener.failed(fault);
    if (this.#waiting !== undefined) {
      this.#start();
    }
  }
}
