// The members of a train as a list with marks: who has settled, who is under way, who waits for
// whom.

import type { MemberView } from "../../api/contract/trains.ts";
import { assertNever } from "./never.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { clean, cut } from "./width.ts";

export const memberLines = (
  members: readonly MemberView[],
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] =>
  members.map((member) => {
    const { mark, text, ink } = looks(member, members);
    const run = member.run === null ? "" : ` · ${member.run}`;
    const note = member.note === null ? "" : `: ${member.note}`;
    const line = cut(clean(`${member.release} · ${text}${note}${run}`), columns - 4);
    return `  ${paint[ink](mark)} ${ink === "dim" ? paint.dim(line) : line}`;
  });

interface Looks {
  readonly mark: string;
  readonly text: string;
  readonly ink: "green" | "yellow" | "red" | "dim";
}

const looks = (member: MemberView, all: readonly MemberView[]): Looks => {
  switch (member.state) {
    case "waiting":
      return { mark: "○", text: waitText(member, all), ink: "dim" };
    case "underWay":
      return { mark: "●", text: "under way", ink: "yellow" };
    case "settled":
      return { mark: "✔", text: "settled", ink: "green" };
    case "goingBack":
      return { mark: "●", text: "goes back", ink: "yellow" };
    case "left":
      return { mark: "–", text: member.run === null ? "never begun" : "back", ink: "dim" };
    case "stays":
      return { mark: "!", text: "stays", ink: "yellow" };
    case "lost":
      return { mark: "✖", text: "lost", ink: "red" };
    default:
      return assertNever(member.state);
  }
};

const waitText = ({ after }: MemberView, all: readonly MemberView[]): string => {
  const open = all.filter(({ service, state }) => after.includes(service) && state !== "settled");
  const names = open.map(({ service }) => service).join(", ");
  return names === "" ? "is next" : `waits for ${names}`;
};
