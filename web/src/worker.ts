/** Runs the component beside the page: typing never waits for it, and it can be ended. */
import { schema, version } from "../../js/src/index.js";
import { answer, type Answer } from "./answer.js";

/** What is asked: the answer to a context. */
export interface Question {
  id: number;
  context: string;
}

/** What is said: first what the component is, then an answer a question. */
export type Reply =
  | { is: "ready"; schema: Record<string, unknown>; version: string }
  | { is: "answer"; id: number; answer: Answer };

const say = (reply: Reply): void => {
  postMessage(reply);
};

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  say({ is: "answer", id: data.id, answer: answer(data.context) });
});

say({ is: "ready", schema: schema(), version: version() });
