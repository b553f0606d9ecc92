// The mode in which the reader says what comes next before it is shown.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Run } from "../model/run";
import type { Caption } from "../model/scope";
import { isObject } from "../model/values";
import { useIds, useLabels } from "../pictures/context";

export interface Question {
  /** the variable whose value is hidden, or nothing for a test */
  secret: string;
  subject: string;
  answer: string;
  line: number;
}

/** What can be asked of a step: a variable that gets a plain value, or how a test comes out. */
export function guessOf(run: Run, i: number, told: Caption): Question | null {
  if (told.kind === "test" && told.outcome) return { secret: "", subject: told.subject, answer: told.outcome, line: told.line };
  if (told.kind === "call") return null;
  for (const change of run.changes(i)) {
    if ((change.kind === "bind" || change.kind === "global") && !isObject(change.value)) {
      const name = run.texts.text(change.name);
      const answer = run.texts.atom(change.value);
      if (!answer.startsWith("<")) return { secret: name, subject: name, answer, line: told.line };
    }
  }
  return null;
}

const plain = (text: string): string => text.trim().replace(/^"(.*)"$/, "'$1'").replace(/\s+/g, " ");

export function isRight(given: string, answer: string): boolean {
  return plain(given) === plain(answer) || (/^-?\d+(\.\d+)?$/.test(given.trim()) && given.trim() === answer) || `'${given.trim()}'` === answer;
}

export function Guess({ question, grade }: { question: Question; grade: (right: boolean) => void }): JSX.Element {
  const say = useLabels();
  const id = useIds();
  const input = useRef<HTMLInputElement>(null);
  const [given, setGiven] = useState<string | null>(null);
  const check = (text: string) => {
    if (!text.trim()) return;
    setGiven(text);
  };
  const right = given !== null && isRight(given, question.answer);
  return (
    <div class="told guess" role="group" aria-label={say("guess")}>
      <p>
        <span class="where">{say("line", { line: question.line })}</span>{" "}
        {question.secret ? say("guess.value", { name: question.subject }) : say("guess.test", { test: question.subject })}
      </p>
      {given === null && (question.secret
        ? <form onSubmit={(e) => { e.preventDefault(); check(input.current?.value ?? ""); }}><label class="sr" for={id("guess")}>{say("guess")}</label><input id={id("guess")} ref={input} type="text" spellcheck={false} autocomplete="off" autofocus /><button type="submit">{say("guess.check")}</button></form>
        : <p class="choices"><button type="button" onClick={() => check("True")}>True</button><button type="button" onClick={() => check("False")}>False</button></p>)}
      <p aria-live="polite" class={right ? "right" : "wrong"}>
        {given !== null && (right ? say("guess.right", { answer: question.answer }) : say("guess.wrong", { answer: question.answer, given }))}{" "}
        {given !== null && <button type="button" autofocus onClick={() => grade(right)}>{say("guess.on")}</button>}
      </p>
    </div>
  );
}
