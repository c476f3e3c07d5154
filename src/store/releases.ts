// Releases in PostgreSQL: written once, never changed.

import type pg from "pg";

import { releaseDraft } from "../core/audit-drafts.ts";
import type { Actor, Digest, Instant, ReleaseId, ServiceName } from "../core/ids.ts";
import type { ReleaseStore, StoredRelease } from "../ports/catalog.ts";
import { withControlRecord } from "./control-chain.ts";
import { firstRow, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { toJson } from "./json.ts";

interface ReleaseRow {
  readonly id: ReleaseId;
  readonly service: ServiceName;
  readonly version: string;
  readonly artifact: Digest;
  readonly bytes: number;
  readonly files: number;
  readonly author: Actor;
  readonly created_at: Instant;
  readonly members: readonly ReleaseId[] | null;
}

const COLUMNS = `id, service, version, artifact, bytes::float8 as bytes, files::float8 as files,
  author, created_at::float8 as created_at, members`;

/** The record is written only along with the release. */
const ADD: Statement<{ readonly added: boolean }> = {
  name: "sluice_add_release",
  text: `select sluice.add_release($1, $2, $3, $4, $5, $6, $7, $8, $9) as added`,
};

const ADD_TRAIN: Statement<{ readonly added: boolean }> = {
  name: "sluice_add_train_release",
  text: `select sluice.add_train_release($1, $2, $3, $4, $5, $6, $7, $8) as added`,
};

const GET: Statement<ReleaseRow> = {
  name: "sluice_get_release",
  text: `select ${COLUMNS} from sluice.releases where id = $1`,
};

const LIST: Statement<ReleaseRow> = {
  name: "sluice_list_releases",
  text: `select ${COLUMNS} from sluice.releases
    where $1::text is null or service = $1 order by seq desc limit $2`,
};

export const pgReleases = (pool: pg.Pool): ReleaseStore => {
  const get = async (id: ReleaseId): Promise<StoredRelease | null> => {
    const row = await firstRow(pool, GET, [id]);
    return row === null ? null : releaseOf(row);
  };
  return {
    add: async (release) => {
      const row = await withControlRecord(pool, releaseDraft(release), (record) =>
        addRow(pool, release, toJson([record])),
      );
      if (row?.added === true) return { kind: "added", release };
      return { kind: "exists", release: (await get(release.id)) ?? release };
    },
    get,
    list: async (service, limit) => (await rows(pool, LIST, [service, limit])).map(releaseOf),
  };
};

const addRow = (pool: pg.Pool, release: StoredRelease, record: string) => {
  const { id, service, version, artifact, bytes, files, author, createdAt, members } = release;
  const head = [id, service, version, artifact];
  return members === undefined
    ? firstRow(pool, ADD, [...head, bytes, files, author, createdAt, record])
    : firstRow(pool, ADD_TRAIN, [...head, author, createdAt, toJson(members), record]);
};

const releaseOf = ({ created_at: createdAt, members, ...rest }: ReleaseRow): StoredRelease => ({
  ...rest,
  ...(members === null ? {} : { members }),
  createdAt,
});
