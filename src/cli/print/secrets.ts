// Secrets of the local store, by name.

import type {
  RemovedSecretView,
  RotatedKeyView,
  SecretList,
  SecretView,
} from "../../api/contract/secrets.ts";
import { counted } from "./amounts.ts";
import { utc } from "./moments.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import { clean } from "./width.ts";

export const renderSecretSet = ({ reference }: SecretView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  return `${paint.green("✔")} set; definitions name it ${paint.bold(clean(reference))}`;
};

export const renderSecretRemoved = ({ name }: RemovedSecretView, options: PrintOptions): string =>
  `${paintFor(options.colour).green("✔")} removed ${clean(name)}; what runs with it goes on`;

export const renderKeyRotated = ({ secrets }: RotatedKeyView, options: PrintOptions): string =>
  `${paintFor(options.colour).green("✔")} ${counted(secrets, "secret")} encrypted with another key`;

export const renderSecrets = ({ secrets }: SecretList, options: PrintOptions): string => {
  if (secrets.length === 0) return "There are no secrets yet: sluice secret set NAME";
  const paint = paintFor(options.colour);
  const columns = [{ title: "REFERENCE", gives: true }, { title: "SET" }, { title: "BY" }];
  const rows = secrets.map(({ reference, at, by }) => [
    { text: reference, ink: paint.bold },
    { text: utc(at), ink: paint.dim },
    { text: by },
  ]);
  return table(columns, rows, options.columns, paint);
};
